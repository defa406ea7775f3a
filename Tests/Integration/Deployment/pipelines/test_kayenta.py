"""Kayenta's API, called as Spinnaker's Orca and Argo Rollouts call it: paths, bodies, polling and what they read of the answers."""

import json
import re
import time
import urllib.error
import urllib.request
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from pipelines.stack import TOKEN

CONFIG = {
    "name": "web-canary",
    "description": "latency",
    "configVersion": "1",
    "applications": ["web"],
    "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
    "metrics": [
        {
            "name": "latency",
            "query": {"type": "prometheus", "customInlineTemplate": 'PromQL:avg(latency{scope="${scope}"})'},
            "groups": ["latency"],
            "analysisConfigurations": {"canary": {"direction": "increase", "critical": True}},
            "scopeName": "default",
        },
        {
            "name": "composed",
            "query": {"type": "prometheus", "metricName": "latency", "customFilterTemplate": "scope"},
            "groups": ["latency"],
            "analysisConfigurations": {"canary": {"direction": "either"}},
            "scopeName": "default",
        },
    ],
    "templates": {"scope": 'scope="${scope}"'},
    "classifier": {"groupWeights": {"latency": 100}},
}


def call(stack, method, path, body=None, token=TOKEN):
    """Status and body; the token goes as the password of the address, since nothing but the address is configured."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Basic " + b64encode(f"assay:{token}".encode()).decode()
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{stack.url}/kayenta{path}", data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        status, text = answer.code, answer.read()
    return status, json.loads(text) if text else None


def ok(answer):
    status, body = answer
    assert status == 200, (status, body)
    return body


def instant(time):
    """As Java writes it."""
    text = time.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text.replace(".000Z", "Z")


def ago(minutes):
    return datetime.fromtimestamp(int(time.time()), timezone.utc) - timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def config(stack):
    """The id of the config, which was stored as Deck stores one."""
    return ok(call(stack, "POST", "/canaryConfig", CONFIG))["canaryConfigId"]


class Orca:
    """The canary stage: resolves the config, plans the intervals, runs and watches each judgement, and sums them up."""

    def __init__(self, stack, experiment, thresholds=(75, 50)):
        self.stack, self.experiment = stack, experiment
        self.thresholds = {"pass": thresholds[0], "marginal": thresholds[1]}

    def resolve_config(self, name, application):
        known = ok(call(self.stack, "GET", "/canaryConfig"))
        found = [one for one in known if one["name"] == name and application in one["applications"]]
        assert len(found) == 1
        assert isinstance(found[0]["updatedTimestamp"], int) and found[0]["updatedTimestampIso"]
        return found[0]["id"]

    @staticmethod
    def scopes(experiment, start, end, interval, number, lookback, offset):
        """Those of the judgement `number` of a time that has an end, as `buildRequestScopes` makes them."""
        until = start + number * interval
        begin = until - lookback if lookback else start
        side = {"location": None, "step": 60, "extendedScopeParams": {"dataset": "regional"}}
        control = {"scope": "web-stable", "start": instant(begin - offset), "end": instant(until - offset)}
        canary = {"scope": experiment, "start": instant(begin), "end": instant(until)}
        return {"default": {"controlScope": side | control, "experimentScope": side | canary}}

    def run_canary(self, config, scopes):
        query = "application=web&parentPipelineExecutionId=01EXECUTION&metricsAccountName=prod-prometheus&storageAccountName=s3"
        body = {"scopes": scopes, "thresholds": self.thresholds, "siteLocal": {}}
        return ok(call(self.stack, "POST", f"/canary/{config}?{query}", body))["canaryExecutionId"]

    def monitor(self, execution):
        """The state of the task once it is not running; a second between questions."""
        for _ in range(120):
            results = ok(call(self.stack, "GET", f"/canary/{execution}?storageAccountName=s3"))
            assert results["storageAccountName"] == "s3" and results["buildTimeIso"]
            status = results["status"].upper()
            assert status in ("NOT_STARTED", "RUNNING", "SUCCEEDED", "TERMINAL", "CANCELED")
            assert results["complete"] == (status in ("SUCCEEDED", "TERMINAL", "CANCELED"))
            if status == "SUCCEEDED":
                result = results["result"]
                assert re.fullmatch(r"PT(\d+H)?(\d+M)?", result["canaryDuration"]) and results["endTimeIso"]
                score = int(result["judgeResult"]["score"]["score"])
                assert isinstance(result["judgeResult"]["score"]["classificationReason"], str)
                return ("TERMINAL" if score <= self.thresholds["marginal"] else "SUCCEEDED"), score, results
            if results["complete"]:
                return "TERMINAL", None, results
            time.sleep(1)
        raise AssertionError("the judgement does not end")

    def run(self, lifetime=60, interval=20, lookback=0, offset=0):
        config = self.resolve_config("web-canary", "web")
        end = ago(1)
        start = end - timedelta(minutes=lifetime)
        scores = []
        for number in range(1, lifetime // interval + 1):
            minutes = [timedelta(minutes=value) for value in (interval, lookback, offset)]
            scopes = self.scopes(self.experiment, start, end, minutes[0], number, minutes[1], minutes[2])
            status, score, _ = self.monitor(self.run_canary(config, scopes))
            scores.append(score)
            if status == "TERMINAL":
                return "TERMINAL", scores
        return ("SUCCEEDED" if scores[-1] >= self.thresholds["pass"] else "TERMINAL"), scores


class Argo:
    """The `kayenta` provider of an AnalysisTemplate."""

    def __init__(self, stack, experiment):
        self.stack, self.experiment = stack, experiment
        self.threshold = {"pass": 90, "marginal": 75}

    def config_id(self):
        for one in ok(call(self.stack, "GET", "/canaryConfig?application=web&configurationAccountName=configs")):
            if one["name"] == "web-canary":
                return one["id"]
        raise AssertionError("no config")

    def run(self):
        """Phase and value of the measurement; fifteen seconds between questions in Argo."""
        names = "application=web&metricsAccountName=prom&configurationAccountName=configs&storageAccountName=store"
        times = {"region": "", "step": 60, "start": instant(ago(40)), "end": instant(ago(5))}
        control, canary = {"scope": "web-stable"} | times, {"scope": self.experiment} | times
        body = {"scopes": {"default": {"controlScope": control, "experimentScope": canary}}, "thresholds": self.threshold}
        status, answer = call(self.stack, "POST", f"/canary/{self.config_id()}?{names}", body)
        if status != 200:
            return "Error", None
        execution = str(answer["canaryExecutionId"])
        for _ in range(120):
            status, answer = call(self.stack, "GET", f"/canary/{execution}")
            assert status == 200 and isinstance(answer["complete"], bool)
            if answer["complete"]:
                break
            time.sleep(0.2)
        score = answer.get("result", {}).get("judgeResult", {}).get("score", {}).get("score")
        if score is None:
            return "Error", None
        value = int(score)
        for phase, least in [("Successful", self.threshold["pass"]), ("Inconclusive", self.threshold["marginal"])]:
            if value >= least:
                return phase, value
        return "Failed", value


def test_orca_passes_a_good_canary(stack, config):
    assert Orca(stack, "web-canary").run() == ("SUCCEEDED", [100, 100, 100])


def test_orca_stops_at_the_first_bad_judgement(stack, config):
    assert Orca(stack, "web-slow").run() == ("TERMINAL", [0])


def test_orca_with_a_sliding_window_and_an_earlier_baseline(stack, config):
    assert Orca(stack, "web-canary").run(lifetime=30, interval=15, lookback=15, offset=15) == ("SUCCEEDED", [100, 100])


def test_orca_fails_a_canary_without_data(stack, config):
    """Kayenta's rule: half of the metrics without data are a score of 0."""
    status, scores = Orca(stack, "web-gone").run(lifetime=20)
    assert (status, scores) == ("TERMINAL", [0])


def test_argo(stack, config):
    assert Argo(stack, "web-canary").run() == ("Successful", 100)
    assert Argo(stack, "web-slow").run() == ("Failed", 0)
    # A scope that would become query text is refused, and the measurement is an error.
    phase, value = Argo(stack, 'web-canary"} or vector(1) #').run()
    assert (phase, value) == ("Error", None)


def test_the_answer_to_a_judgement(stack, config):
    orca = Orca(stack, "web-slow")
    end = ago(1)
    scopes = orca.scopes("web-slow", end - timedelta(minutes=50), end, timedelta(minutes=50), 1, None, timedelta(0))
    execution = orca.run_canary(config, scopes)
    _, score, answer = orca.monitor(execution)
    assert score == 0 and answer["pipelineId"] == execution
    assert answer["application"] == "web" and answer["parentPipelineExecutionId"] == "01EXECUTION"
    assert answer["metricsAccountName"] == "prod-prometheus" and answer["canaryConfigId"] == config
    assert answer["config"]["metrics"][0]["query"]["customInlineTemplate"] == 'PromQL:avg(latency{scope="$\\{scope}"})'
    assert answer["canaryExecutionRequest"]["thresholds"] == {"pass": 75.0, "marginal": 50.0}
    assert set(answer["stageStatus"].values()) == {"succeeded"}
    judged = answer["result"]["judgeResult"]
    assert judged["judgeName"] == "NetflixACAJudge-v1.0" and answer["result"]["canaryDuration"] == "PT50M"
    assert judged["score"] == {
        "score": 0.0,
        "classification": "Fail",
        "classificationReason": "Canary Failed: The metric latency was classified as High (Critical)",
    }
    latency = judged["results"][0]
    assert latency["classification"] == "High" and latency["critical"] and not latency["muted"]
    assert latency["controlMetadata"]["stats"]["count"] == 51
    assert 1.4 < latency["resultMetadata"]["ratio"] < 1.6
    pairs = ok(call(stack, "GET", f"/metricSetPairList/{answer['metricSetPairListId']}"))
    assert [pair["name"] for pair in pairs] == ["latency", "composed"]
    assert pairs[0]["id"] == latency["id"] and len(pairs[0]["values"]["experiment"]) == 51
    assert pairs[1]["attributes"]["experiment"]["query"] == 'avg(latency{scope="web-slow"})'
    assert pairs[0]["scopes"]["control"]["stepMillis"] == 60_000
    assert ok(call(stack, "GET", f"/metricSetPairList/{answer['metricSetPairListId']}/{latency['id']}")) == pairs[0]
    again = f"canaryConfigId={config}&metricSetPairListId={answer['metricSetPairListId']}&passThreshold=75&marginalThreshold=50"
    assert ok(call(stack, "POST", f"/judges/judge?{again}")) == judged
    listed = ok(call(stack, "GET", "/canary/executions?application=web&limit=50&statuses=SUCCEEDED"))
    assert execution in [one["pipelineId"] for one in listed]


def test_a_standalone_analysis_of_the_past(stack, config):
    end = ago(2)
    request = {
        "scopes": [
            {
                "controlScope": "web-stable",
                "experimentScope": "web-canary",
                "startTimeIso": instant(end - timedelta(minutes=50)),
                "endTimeIso": instant(end),
            }
        ],
        "thresholds": {"pass": 95, "marginal": 75},
        "analysisIntervalMins": 25,
    }

    def run(experiment):
        scopes = [request["scopes"][0] | {"experimentScope": experiment}]
        body = {"canaryConfig": CONFIG, "executionRequest": request | {"scopes": scopes}}
        started = ok(call(stack, "POST", "/standalone_canary_analysis?user=deployer&application=web", body))
        for _ in range(600):
            answer = ok(call(stack, "GET", f"/standalone_canary_analysis/{started['canaryAnalysisExecutionId']}"))
            if answer["complete"]:
                return answer
            time.sleep(0.2)
        raise AssertionError("the analysis does not end")

    good = run("web-canary")
    assert good["status"] == "succeeded" and good["executionStatus"] == "SUCCEEDED" and good["user"] == "deployer"
    result = good["canaryAnalysisExecutionResult"]
    assert result["didPassThresholds"] and result["canaryScores"] == [100.0, 100.0]
    assert result["canaryScoreMessage"] == "Final canary score 100.0 met or exceeded the pass score threshold."
    assert [stage["type"] for stage in good["stageStatus"]] == [
        "setupAndExecuteCanariesStage", "runCanary", "runCanary", "generateCanaryAnalysisResultStage",
    ]  # fmt: skip
    # The first has fewer samples than Kayenta wants.
    assert [len(one["warnings"]) for one in result["canaryExecutionResults"]] == [1, 0]
    bad = run("web-slow")
    assert bad["status"] == "terminal" and not bad["canaryAnalysisExecutionResult"]["didPassThresholds"]
    assert bad["canaryAnalysisExecutionResult"]["canaryScores"] == [0.0]


def test_what_a_caller_can_ask(stack):
    assert ok(call(stack, "GET", "/judges")) == [{"name": "NetflixACAJudge-v1.0", "visible": True}]
    assert [one["type"] for one in ok(call(stack, "GET", "/credentials"))] == ["prometheus", "sql"]
    assert [one["name"] for one in ok(call(stack, "GET", "/metricsServices"))] == ["prometheus"]
    assert call(stack, "GET", "/health", token=None) == (200, {"status": "UP"})
    filters = quote('scope="${scope}"')
    query = f"metricSetName=latency&metricName=latency&scope=web-canary&step=60&customFilter={filters}"
    dry = ok(call(stack, "POST", f"/fetch/prometheus/query?{query}&dryRun=true"))
    assert dry == {"query": 'avg(latency{scope="web-canary"})'}
    times = f"start={quote(instant(ago(10)))}&end={quote(instant(ago(5)))}"
    fetched = ok(call(stack, "POST", f"/fetch/prometheus/query?{query}&{times}"))["metricSetListId"]
    sets = ok(call(stack, "GET", f"/metricSetList/{fetched}"))
    assert len(sets) == 1 and len(sets[0]["values"]) == 6 and sets[0]["stepMillis"] == 60_000


def test_configs(stack):
    one = CONFIG | {"name": "another", "applications": ["a", "b"]}
    made = ok(call(stack, "POST", "/canaryConfig", one))["canaryConfigId"]
    read = ok(call(stack, "GET", f"/canaryConfig/{made}"))
    assert read["id"] == made and read["createdTimestamp"] == read["updatedTimestamp"]
    assert {key: read[key] for key in one if key != "metrics"} == {key: one[key] for key in one if key != "metrics"}
    assert made in [entry["id"] for entry in ok(call(stack, "GET", "/canaryConfig?application=b"))]
    assert made not in [entry["id"] for entry in ok(call(stack, "GET", "/canaryConfig?application=web"))]
    assert call(stack, "POST", "/canaryConfig", read) == (400, {"message": f"Canary config '{made}' already exists."})
    assert ok(call(stack, "PUT", f"/canaryConfig/{made}", read | {"name": "renamed"})) == {"canaryConfigId": made}
    assert ok(call(stack, "GET", f"/canaryConfig/{made}"))["name"] == "renamed"
    status, problem = call(stack, "POST", "/canaryConfig", one | {"name": "typo", "metricz": []})
    assert (status, problem) == (400, {"message": "config.metricz has no meaning here."})
    assert call(stack, "DELETE", f"/canaryConfig/{made}") == (204, None)
    status, problem = call(stack, "GET", f"/canaryConfig/{made}")
    assert status == 404 and list(problem) == ["message"]


def test_cancelling(stack, config):
    request = {
        "scopes": [{"controlScope": "web-stable", "experimentScope": "web-canary"}],
        "thresholds": {"pass": 95, "marginal": 75},
        "lifetimeDurationMins": 60,
    }
    started = ok(call(stack, "POST", f"/standalone_canary_analysis/{config}", request))["canaryAnalysisExecutionId"]
    assert call(stack, "PUT", f"/pipelines/{started}/cancel", "") == (202, None)
    answer = ok(call(stack, "GET", f"/standalone_canary_analysis/{started}"))
    assert answer["status"] == "canceled" and answer["complete"] and "canaryAnalysisExecutionResult" not in answer
    assert call(stack, "PUT", "/pipelines/none/cancel", "")[0] == 404


@pytest.mark.parametrize("token", [None, "not-the-token-of-it"])
def test_callers_without_the_token_are_refused(stack, token):
    for method, path in [("GET", "/canaryConfig"), ("POST", "/canary"), ("PUT", "/pipelines/x/cancel"), ("POST", "/judges/judge")]:
        status, problem = call(stack, method, path, {} if method == "POST" else None, token)
        assert status == 401 and list(problem) == ["message"]
