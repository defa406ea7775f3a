"""The examples that talk HTTP by themselves: their bodies, posted to a running service, and what it makes of them."""

import json
import re
import time
import urllib.error
import urllib.request
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
import yaml

from pipelines.go_templates import render
from pipelines.runners import PIPELINES
from pipelines.stack import TOKEN, request

STRUCTURED = {"Content-Type": "application/cloudevents+json"}


def webhook(example, template):
    """The service and the body of a template of Argo's notifications."""
    data = yaml.safe_load((PIPELINES / example).read_text())["data"]
    service = yaml.safe_load(data["service.webhook.assay"])
    headers = {header["name"]: header["value"] for header in service["headers"]}
    assert headers == STRUCTURED | {"Authorization": "Bearer $assay-token"} and service["url"].endswith("/v1/events")
    post = yaml.safe_load(data[f"template.{template}"])["webhook"]["assay"]
    assert post["method"] == "POST"
    return post["body"]


def post(stack, body):
    """The session that the body opens."""
    status, receipt = request(stack.url + "/v1/events", body, STRUCTURED)
    assert status == 202 and receipt["outcome"] == "accepted", receipt
    assert request(stack.url + "/v1/events", body, STRUCTURED)[0] == 200, "the same event again is a repeat"
    return receipt["session"]


def application(version, labels):
    operation = {"phase": "Succeeded", "finishedAt": None, "syncResult": {"revision": version}}
    return {
        "app": {
            "metadata": {"name": "checkout", "namespace": "argocd", "labels": labels},
            "spec": {"destination": {"namespace": "shop", "server": "https://kubernetes.default.svc"}},
            "status": {"operationState": operation, "health": {"status": "Healthy"}},
        }
    }


def argo_cd(stack, now, version, labels):
    values = application(version, labels)
    values["app"]["status"]["operationState"]["finishedAt"] = now
    return stack.final(post(stack, render(webhook("argo-cd/notifications.yaml", "assay-deployed"), values)))


def weight_at(rollout, index):
    """The weight in the event of a Rollout that pauses at a step."""
    paused = rollout | {"status": rollout["status"] | {"currentStepIndex": index}}
    body = render(webhook("argo-rollouts/notifications.yaml", "assay-paused"), {"rollout": paused})
    return json.loads(body)["data"].get("weight")


def argo_rollouts(stack, now, version):
    image = f"registry.example.com:5000/checkout:{version}"
    rollout = {
        "metadata": {"name": "rollout", "namespace": "shop", "labels": {"environment": f"rollouts-{version}"}},
        "spec": {
            "template": {"spec": {"containers": [{"name": "checkout", "image": image}]}},
            "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}, {"setWeight": 50}, {"pause": {}}]}},
        },
        "status": {
            "phase": "Paused",
            "currentPodHash": "bbbb",
            "stableRS": "aaaa",
            "currentStepIndex": 1,
            "pauseConditions": [{"reason": "CanaryPauseStep", "startTime": now}],
        },
    }
    body = render(webhook("argo-rollouts/notifications.yaml", "assay-paused"), {"rollout": rollout})
    event = json.loads(body) | {"source": f"/argo-rollouts/shop/rollout-{version}"}
    assert event["id"] == f"bbbb/{now}" and event["time"] == now and event["data"]["weight"] == 20
    weights = [weight_at(rollout, index) for index in (0, 2, 3, 4, 9)]
    assert weights == [None, None, 50, None, None], "only the step before a pause says what it set"
    del rollout["spec"]["strategy"]
    assert weight_at(rollout, 1) is None
    return stack.final(post(stack, json.dumps(event)))


class ArgoAnalysis:
    """Runs the metrics of the AnalysisTemplate as Argo Rollouts' `web` provider does, and says how each ends."""

    def __init__(self, stack, version):
        text = (PIPELINES / "argo-rollouts/analysis.yaml").read_text().replace("http://assay.assay.svc:8080", stack.url)
        self.stack = stack
        self.metrics = {metric["name"]: metric for metric in yaml.safe_load(text)["spec"]["metrics"]}
        self.arguments = {
            "application": "rollout", "environment": f"analysis-{version}", "version": version, "attempt": version,
            "weight": "20", "stable": "aaaa", "canary": "bbbb", "token": TOKEN,
        }

    def filled(self, value):
        """What `{{args.name}}` stands for, in every text."""
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        if not isinstance(value, str):
            return value
        return re.sub(r"\{\{args\.(\w+)\}\}", lambda match: self.arguments[match[1]], value)

    def measured(self, metric):
        """A measurement: Successful, Failed, Inconclusive or Error."""
        web = metric["provider"]["web"]
        headers = {header["key"]: self.filled(header["value"]) for header in web["headers"]}
        body = json.dumps(self.filled(web["jsonBody"])) if "jsonBody" in web else None
        status, result = request(self.filled(web["url"]), body, headers)
        if not 200 <= status < 300:
            return "Error"
        for name in web["jsonPath"].strip("{}$").split("."):
            result = result[name] if name else result
        if self.holds(metric.get("failureCondition"), result):
            return "Failed"
        if self.holds(metric["successCondition"], result):
            return "Successful"
        return "Inconclusive" if "failureCondition" in metric else "Failed"

    @staticmethod
    def holds(condition, result):
        """`path == "text"`, several joined by `||`."""
        for part in (condition or "").split(" || ") if condition else []:
            path, wanted = re.fullmatch(r'result([.\w]*) == "(\w+)"', part).groups()
            found = result
            for name in path.split(".")[1:]:
                found = found[name]
            if found == wanted:
                return True
        return False

    def ended(self, name):
        """Measures until a phase other than inconclusive: the metric has no count."""
        metric, found = self.metrics[name], []
        assert "count" not in metric and metric.get("failureLimit", 0) == 0
        self.stack.wait_for(lambda: found.append(self.measured(metric)) or found[-1] != "Inconclusive", name)
        return found[-1]

    def run(self):
        before = self.measured(self.metrics["verdict"])
        told = self.measured(self.metrics["tell-assay"])
        again = self.measured(self.metrics["tell-assay"])
        ended = self.ended("verdict")
        self.arguments["weight"] = "50"
        return [before, told, again, ended, self.measured(self.metrics["verdict"])]


class Flagger:
    """Calls the hooks of the Canary as Flagger does, and says what each answer means to it."""

    def __init__(self, stack, version):
        text = (PIPELINES / "flagger/canary.yaml").read_text()
        url = stack.url.replace("http://", f"http://assay:{TOKEN}@")
        canary = yaml.safe_load(text.replace("http://assay:TOKEN@assay.assay.svc:8080", url))
        self.hooks = canary["spec"]["analysis"]["webhooks"]
        self.names = {key: canary["metadata"][key] for key in ("name", "namespace")}
        self.stack, self.version = stack, version

    def call(self, kind, phase="Progressing", **metadata):
        """Whether all hooks of a kind succeed: Flagger takes a status of at most 202 for that."""
        statuses = []
        for hook in self.hooks:
            if hook["type"] != kind:
                continue
            # The version is a part of the samples, which Flagger's checksum would not be.
            body = {**self.names, "phase": phase, "checksum": self.version, "metadata": hook["metadata"] | metadata}
            user, address = hook["url"].removeprefix("http://").split("@")
            token = b64encode(user.encode()).decode()
            post = urllib.request.Request(f"http://{address}", json.dumps(body).encode(), {"Authorization": f"Basic {token}"})
            try:
                with urllib.request.urlopen(post, timeout=60) as answer:
                    statuses.append(answer.status)
            except urllib.error.HTTPError as error:
                statuses.append(error.code)
        assert statuses, kind
        return all(status <= 202 for status in statuses)

    def run(self):
        """Ticks until Flagger would promote or roll back."""
        assert not self.call("confirm-traffic-increase"), "nothing is known before the event"
        for phase, message in [
            ("Initialized", "Initialization done!"),
            ("Progressing", "New revision detected! Scaling up podinfo.test"),
            ("Progressing", "Starting canary analysis for podinfo.test"),
            ("Progressing", "Advance podinfo.test canary weight 10"),
        ]:
            assert self.call("event", phase, eventMessage=message, eventType="Normal", timestamp=str(int(time.time() * 1000)))
        found = []

        def is_decided():
            if self.call("rollback"):
                found.append("rollback")
            elif self.call("confirm-traffic-increase") and self.call("confirm-promotion"):
                found.append("promote")
            return bool(found)

        self.stack.wait_for(is_decided, "Flagger's decision")
        return found[0]


class Spinnaker:
    """Runs the webhook stages as Orca does, with a token in its own configuration, and says which others would run."""

    def __init__(self, stack, version, execution):
        text = (PIPELINES / "spinnaker/pipeline.json").read_text()
        text = text.replace("http://assay.assay.svc:8080", stack.url).replace('"production"', f'"production-{execution}"')
        self.stages = json.loads(text)["stages"]
        self.known = {"parameters.version": version, "execution.id": execution}
        self.bodies = {}

    def filled(self, value):
        """Expressions that only name a value."""
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        return re.sub(r"\$\{([^{}]+)\}", lambda match: str(self.named(match[1])), value)

    def named(self, expression):
        if expression in self.known:
            return self.known[expression]
        stage, *path = re.findall(r"'([^']+)'", expression)
        assert path[:2] == ["context", "webhook"], expression
        found = self.bodies[stage]
        for name in path[2:]:
            found = found[name]
        return found

    def is_enabled(self, stage):
        if "stageEnabled" not in stage:
            return True
        expression = stage["stageEnabled"]["expression"].removeprefix("${").removesuffix("}")
        listed = re.fullmatch(r"!\{(.+)\}\.contains\((.+)\)", expression)
        if listed:
            return self.named(listed[2]) not in re.findall(r"'(\w+)'", listed[1])
        value, wanted = re.fullmatch(r"(.+) == '(\w+)'", expression).groups()
        return self.named(value) == wanted

    def run(self, stack):
        """The names of the stages that run, in order."""
        names = []
        for stage in self.stages:
            if not self.is_enabled(stage):
                continue
            names.append(stage["name"])
            if stage["type"] != "webhook":
                continue
            url = self.filled(stage["url"])
            if not stage.get("monitorOnly"):
                payload = json.dumps(self.filled(stage["payload"]))
                status, body = request(url, payload, stage["customHeaders"])
                assert status == 202, body
                self.bodies[stage["name"]] = {"body": body}
                continue
            self.bodies[stage["name"]] = {"monitor": {"body": self.monitored(stack, stage, url)}}
        return names

    @staticmethod
    def monitored(stack, stage, url):
        """Polls until the status is one of success; a 404 is tried again as often as `retries` says."""
        allowed = stage["retries"]["404"]["maxAttempts"]
        found = {}

        def is_done():
            nonlocal allowed
            status, body = request(url)
            if status == 404:
                allowed -= 1
                assert allowed >= 0, "more 404 than the stage allows"
                return False
            value = body
            for name in stage["statusJsonPath"].removeprefix("$.").split("."):
                # Orca ends the stage when the path leads nowhere.
                value = value[name]
            found["body"] = body
            return value in stage["successStatuses"].split(",")

        stack.wait_for(is_done, "the verdict")
        return found["body"]


@pytest.fixture(scope="module")
def flows(stack):
    """All at once: they mostly wait."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with ThreadPoolExecutor() as pool:
        flows = {
            "argo-cd-good": pool.submit(argo_cd, stack, now, "good", {"environment": "production-argo-cd"}),
            "argo-cd-bad": pool.submit(argo_cd, stack, now, "bad", None),
        }
        for version in ["good", "bad"]:
            flows[f"argo-rollouts-{version}"] = pool.submit(argo_rollouts, stack, now, version)
            flows[f"argo-analysis-{version}"] = pool.submit(ArgoAnalysis(stack, version).run)
        # One canary: the revisions follow one another.
        flows["flagger"] = pool.submit(lambda: [Flagger(stack, version).run() for version in ["bad", "good"]])
        for version in ["good", "bad", "gone"]:
            spinnaker = Spinnaker(stack, version, f"spinnaker-{version}")
            flows[f"spinnaker-{version}"] = pool.submit(spinnaker.run, stack)
        yield flows


@pytest.mark.parametrize(
    ("version", "environment", "result"), [("good", "production-argo-cd", "pass"), ("bad", "production", "fail")]
)
def test_argo_cd_tells_of_a_sync(flows, version, environment, result):
    final = flows[f"argo-cd-{version}"].result()
    assert final["session"]["result"] == result, final["session"]
    assert (final["session"]["environment"], final["session"]["version"]) == (environment, version)
    assert final["verdicts"][-1]["namespace"] == "shop"


@pytest.mark.parametrize(("version", "result"), [("good", "pass"), ("bad", "fail")])
def test_argo_rollouts_tells_of_a_pause(flows, version, result):
    final = flows[f"argo-rollouts-{version}"].result()
    assert final["session"]["result"] == result, final["session"]
    # What the controller compares with the Rollout's status before it acts.
    assert final["session"]["revision"] == "bbbb"
    assert (final["verdicts"][-1]["workload"], final["session"]["version"]) == ("rollout", version)


def test_flagger_asks_the_gates(flows):
    assert flows["flagger"].result() == ["rollback", "promote"]


@pytest.mark.parametrize(("version", "phase"), [("good", "Successful"), ("bad", "Failed")])
def test_argo_rollouts_asks_the_gate(flows, version, phase):
    """Nothing is known before the event; the verdict on one step says nothing about the next one."""
    expected = ["Inconclusive", "Successful", "Successful", phase, "Inconclusive"]
    assert flows[f"argo-analysis-{version}"].result() == expected


@pytest.mark.parametrize(
    ("version", "end"),
    [
        ("good", "Promote"),
        ("bad", "Take the canary back"),
        ("gone", "Undecided: promote or take back by hand"),
    ],
)
def test_spinnaker_waits_and_branches(flows, version, end):
    names = flows[f"spinnaker-{version}"].result()
    assert names == ["Deploy the canary", "Tell Assay", "Wait for the verdict", end]
