"""Alerts and dashboards go into the chart as they are in `dashboards`."""

import tarfile

import helm_python as helm
import yaml

from chart.rendering import Chart


def alerts(chart, **values) -> list[dict]:
    rule = chart.objects({"prometheusRule": {"enabled": True, **values}}).of("PrometheusRule")[0]
    return [rule for group in rule["spec"]["groups"] for rule in group["rules"]]


def source(chart) -> list[dict]:
    groups = yaml.safe_load(chart.files["files/dashboards/alerts.yaml"])["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_alerts_are_those_of_the_repository(chart):
    assert alerts(chart) == source(chart) != []
    assert any("{{ $labels." in str(rule) for rule in alerts(chart)), "templates of Prometheus are left alone"


def test_alerts_are_labelled_and_left_out(chart):
    first = next(rule["alert"] for rule in source(chart) if "alert" in rule)
    rules = alerts(chart, alertLabels={"team": "platform"}, disabled=[first])
    assert [rule.get("alert") for rule in rules] == [r.get("alert") for r in source(chart) if r.get("alert") != first]
    for rule in rules:
        if "alert" in rule:
            assert rule["labels"]["team"] == "platform" and rule["labels"]["severity"]


def test_links_lead_to_your_runbooks(chart):
    for base in ("https://runbooks.example.com/assay", "https://runbooks.example.com/assay/"):
        for rule, original in zip(alerts(chart, runbookBaseUrl=base), source(chart), strict=True):
            if "alert" in rule:
                name = original["annotations"]["runbook_url"].rsplit("/", 1)[1]
                assert rule["annotations"]["runbook_url"] == f"https://runbooks.example.com/assay/{name}"


def test_dashboards_are_those_of_the_repository(chart):
    maps = chart.objects({"dashboards": {"enabled": True, "namespace": "monitoring"}}).of("ConfigMap")
    boards = [entry for entry in maps if entry["metadata"]["labels"].get("grafana_dashboard") == "1"]
    files = {path.rsplit("/", 1)[1]: text for path, text in chart.files.items() if path.endswith(".json")}
    shown = {name: text for board in boards for name, text in board["data"].items()}
    assert {name: text.strip() for name, text in shown.items()} == {name: text.strip() for name, text in files.items()}
    assert {board["metadata"]["namespace"] for board in boards} == {"monitoring"}


def test_a_packaged_chart_has_them_too(chart, tmp_path):
    archive = helm.package(chart.directory, destination=tmp_path)
    with tarfile.open(archive) as files:
        names = files.getnames()
        assert not [entry for entry in files if entry.issym()]
    assert "assay/files/dashboards/alerts.yaml" in names and "assay/values.schema.json" in names
    assert not [name for name in names if name.startswith("assay/ci/")]
    # Given, as one that the chart makes is another each time.
    secrets = {"webToken": {"existingSecret": "api"}}
    values = {"prometheusRule": {"enabled": True}, "dashboards": {"enabled": True}, "secrets": secrets}
    assert Chart(archive).objects(values) == chart.objects(values)
