"""Dashboards and alerts against a service that runs, asked through a Prometheus that scrapes it."""

import re
from math import isfinite
from pathlib import Path

import pytest
import yaml

from dashboards import exported, running
from dashboards.boards import FILES, expressions, load, panels, with_values
from dashboards.promql import usage
from repository import DASHBOARDS, DOCS

VALUES = {
    "__rate_interval": "5s",
    "__range": "5m",
    "namespace": ".*",
    "datasource": "prometheus",
    # Prometheus' own requests stand for those of a service.
    "application": "prometheus",
    "environment": "test",
    "application_label": "job",
    "selector": 'namespace="shop"',
    "requests": "prometheus_http_requests_total",
    "errors": 'code=~"4.."',
    "duration": "prometheus_http_request_duration_seconds",
    "track": "handler",
}
QUERIES = [
    pytest.param(with_values(expression, VALUES), with_values(legend, VALUES), id=f"{path.stem}: {title} {legend}")
    for path in FILES
    for title, expression, legend in expressions(load(path))
]
RULES = [
    rule for group in yaml.safe_load((DASHBOARDS / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]


@pytest.fixture(scope="module")
def known(machine) -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels."""
    found = {}
    for url in (machine.serve, machine.rollout, machine.prometheus):
        for name, labels in exported.labels(exported.families_of(machine.metrics(url))).items():
            found.setdefault(name, set()).update(labels | running.TARGET_LABELS)
    return found


def check(expression: str, known: dict[str, set[str]]) -> None:
    used = usage(expression)
    assert used.names
    for name, labels in used.metrics.items():
        assert name in known, f"{name} is not exported"
        assert labels <= known[name], f"{name} has no label {labels - known[name]}"
    for labels, names in used.grouped:
        for name in names:
            assert labels <= known[name], f"{name} has no label {labels - known[name]}"


@pytest.mark.parametrize("expression, legend", QUERIES)
def test_a_panel_asks_for_what_is_exported(machine, known, expression, legend):
    check(expression, known)
    now = machine.now()
    answer = machine.ask("query_range", query=expression, start=now - 20, end=now, step=1)
    assert answer["resultType"] == "matrix"
    for series in answer["result"]:
        for label in re.findall(r"\{\{(\w+)\}\}", legend):
            assert label in series["metric"], f"the legend names {label}, the series has {series['metric']}"


def test_panels_are_not_empty(machine):
    """After a few releases nearly every panel shows something; the others wait for something to break."""
    now = machine.now()
    empty = set()
    for path in FILES:
        for title, expression, _ in expressions(load(path)):
            query = with_values(expression, VALUES)
            series = machine.ask("query_range", query=query, start=now - 60, end=now, step=1)["result"]
            if not any(isfinite(float(value)) for one in series for _, value in one["values"]):
                empty.add(f"{path.stem}: {title}")
    assert empty <= {
        "assay-health: Dead letters", "assay-health: Failed deliveries", "assay-judging: Time to a fail",
    }


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["alert"]) for rule in RULES])
def test_an_alert_asks_for_what_is_exported(machine, known, rule):
    check(rule["expr"], known)


def test_prometheus_evaluates_the_alerts(machine):
    running.until("all rules are evaluated", lambda: all(rule["health"] != "unknown" for rule in rules(machine)))
    for rule in rules(machine):
        assert rule["health"] == "ok", rule
        assert not rule.get("lastError"), rule
    firing = {alert["labels"]["alertname"] for alert in machine.ask("alerts")["alerts"] if alert["state"] == "firing"}
    # One release had a plan that cannot be used, one none at all; the receiver refused an action.
    assert firing <= {"AssayPlansUnusable", "AssayRolloutActionsFailing"}
    assert "AssayPlansUnusable" in firing


def rules(machine) -> list[dict]:
    return [rule for group in machine.ask("rules")["groups"] for rule in group["rules"]]


def test_the_table_of_verdicts_reads_the_store(machine):
    table = next(panel for panel in panels(load(DASHBOARDS / "assay-releases.json")) if panel["type"] == "table")
    expected = {"shop": "pass", "nothing": "inconclusive", "refused": "errored", "stranger": "errored"}
    now = int(machine.now() * 1000)
    for application, verdict in expected.items():
        values = VALUES | {"application": application, "__from": str(now - 600_000), "__to": str(now)}
        rows = machine.sql(with_values(table["targets"][0]["rawSql"], values))
        assert [row["verdict"] for row in rows] == [verdict]
        assert rows[0]["version"] == f"of-{application}"
        assert rows[0]["reason"]
        assert (rows[0]["score"] is not None) == (verdict == "pass")
        assert running.get(f"{machine.serve}/v1/sessions/{rows[0]['analysis']}")[0] == 200
    hostile = VALUES | {"application": "it's \\ ' or 1=1", "__from": "0", "__to": str(now)}
    assert machine.sql(with_values(table["targets"][0]["rawSql"], hostile)) == []


def test_unit_tests_of_alerts_use_what_is_exported(known):
    for test in yaml.safe_load(Path(__file__).with_name("alerts_test.yaml").read_text())["tests"]:
        for series in test["input_series"]:
            check(series["series"], known)


class TestRunbooks:
    PAGES = sorted((DOCS / "runbooks").glob("*.md"))
    QUERIES = [
        pytest.param(query, id=f"{page.stem}: {query.strip()[:60]}")
        for page in PAGES
        for query in re.findall(r"```promql\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    COMMANDS = [
        pytest.param(line, id=f"{page.stem}: {line[:60]}")
        for page in PAGES
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.startswith(("curl ", "psql "))
    ]

    @pytest.mark.parametrize("query", QUERIES)
    def test_a_query_asks_for_what_is_exported(self, machine, known, query):
        check(query, known)
        machine.ask("query", query=query)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_command_does_what_it_is_there_for(self, machine, command):
        done = machine.shell(command.replace("localhost:8080", machine.serve.removeprefix("http://")))
        assert not done.stderr, done.stderr
        # Nothing is waited for here and every row can be read, so that a search for holds or unreadable rows finds none.
        assert done.stdout or '"hold"' in command or ".unreadable" in command


class TestMetrics:
    """What every exported metric owes its reader."""

    UNITS = ("_seconds", "_bytes", "_messages", "_points")
    # Counted things: the name says what.
    COUNTED = {
        "assay_back_end_consecutive_failures", "assay_back_end_up", "assay_build_info", "assay_database_connections",
        "assay_database_consecutive_failures", "assay_database_partition_failures", "assay_database_waiting",
        "assay_deploy_events_held", "assay_deploy_events_waiting", "assay_deploy_topic_connected_brokers", "assay_deploy_topic_joined", "assay_deploy_topic_open_transactions",
        "assay_deploy_topic_partitions", "assay_http_streams", "assay_intake_closed", "assay_judge_decision_looks", "assay_kafka_up", "assay_outbox_shards",
        "assay_plans", "assay_plans_refused", "assay_queries_under_way", "assay_replicas",
        "assay_rollout_back_end_up", "assay_rollout_backlog", "assay_rollout_ledger_read", "assay_sessions",
        "assay_set_aside", "assay_turns_maximum", "assay_turns_under_way", "assay_verdict_topic_connected_brokers",
        "assay_verdict_topic_joined", "assay_verdict_topic_open_transactions",
        "assay_verdict_topic_partitions", "process_max_fds", "process_open_fds",
    }

    def families(self, machine) -> list[exported.Family]:
        return [
            family
            for url in (machine.serve, machine.rollout)
            for family in exported.families_of(machine.metrics(url)).values()
        ]

    def test_has_help_type_and_unit(self, machine):
        watched = {name for rule in RULES for name in usage(rule["expr"]).names}
        for family in self.families(machine):
            if "by a library" in family.help:
                # Libraries name their own.
                continue
            assert re.fullmatch(r"(assay|process)_[a-z0-9]+(_[a-z0-9]+)*", family.name)
            assert family.help.endswith("."), family
            assert family.kind in ("counter", "gauge", "histogram"), family
            # A rate over what is watched needs a beginning.
            assert family.series or family.name not in watched, f"{family.name} shows nothing"
            if family.kind == "counter":
                assert family.name.endswith("_total"), family
                continue
            assert not family.name.endswith(("_total", "_count", "_sum", "_bucket")), family
            assert family.name.endswith(self.UNITS) or family.name in self.COUNTED, family
            if family.name.endswith("_seconds"):
                assert "seconds" in family.help, family

    def test_labels_are_few_and_never_name_a_release(self, machine):
        for family in self.families(machine):
            labels = {label for series in family.series.values() for one in series for label in one}
            assert not labels & {"application", "app", "version", "environment", "session"} or (
                family.name == "assay_build_info"
            ), family.name
            assert len(labels - {"le"}) <= 3, family.name

    def test_a_thousand_applications_add_no_series(self, machine):
        before = self.series(machine)
        machine.deploy(*(f"app-{number}" for number in range(1000)))
        running.until("a thousand releases are decided", lambda: machine.finished() == 1004)
        running.until("they are acted on", lambda: machine.query('sum(assay_rollout_actions_total)') == "1004")
        assert self.series(machine) == before

    def series(self, machine) -> set[str]:
        text = machine.metrics(machine.serve) + machine.metrics(machine.rollout)
        return {line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")}
