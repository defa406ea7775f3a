"""What Grafana asks of a dashboard that is provisioned, and what a reader asks of it."""

import re
from itertools import combinations

import pytest
import yaml

from dashboards.boards import FILES, GRAFANA, POSTGRES, PROMETHEUS, load, panels
from repository import DASHBOARDS

BOARDS = [pytest.param(load(path), id=path.stem) for path in FILES]
UIDS = {"assay-health", "assay-judging", "assay-releases"}


def test_links_to_dashboards_stay_valid():
    """People bookmark them, and Assay's settings name them: a uid is for ever."""
    assert {load(path)["uid"] for path in FILES} == UIDS
    assert {path.stem for path in FILES} == UIDS


@pytest.mark.parametrize("board", BOARDS)
class TestDashboard:
    def test_provisions_without_an_import(self, board):
        assert board["id"] is None
        assert len(board["uid"]) <= 40
        assert 39 <= board["schemaVersion"] <= 41
        assert not {"__inputs", "__requires", "__elements", "version"} & set(board)
        assert "assay" in board["tags"]

    def test_names_no_data_source_of_its_own(self, board):
        variables = {variable["name"]: variable for variable in board["templating"]["list"]}
        assert variables["datasource"]["type"] == "datasource"
        assert variables["datasource"]["query"] == "prometheus"
        allowed = [PROMETHEUS, GRAFANA] + ([POSTGRES] if "store" in variables else [])
        for panel in panels(board):
            if panel["type"] == "row":
                continue
            assert panel["datasource"] in allowed, panel["title"]
            for target in panel.get("targets", []):
                assert target["datasource"] == panel["datasource"], panel["title"]
        for variable in variables.values():
            if variable["type"] == "query":
                assert variable["datasource"] == PROMETHEUS
        for annotation in board["annotations"]["list"]:
            assert annotation["datasource"] == GRAFANA

    def test_every_variable_is_there_and_used(self, board):
        declared = {variable["name"] for variable in board["templating"]["list"]}
        text = str([board["panels"], board["annotations"], board["templating"]])
        used = set(re.findall(r"\$\{?(\w+)", text))
        own = {name for name in used if not name.startswith("__")}
        assert own == declared
        assert {name for name in used if name.startswith("__")} <= {
            "__rate_interval", "__range", "__from", "__to", "__value", "__all",
        }

    def test_panels_have_their_place(self, board):
        ids = [panel["id"] for panel in panels(board)]
        assert len(ids) == len(set(ids))
        for panel in panels(board):
            place = panel["gridPos"]
            assert 0 <= place["x"] and place["x"] + place["w"] <= 24, panel["title"]
            assert place["w"] > 0 and place["h"] > 0 and place["y"] >= 0, panel["title"]
        for one, other in combinations((panel["gridPos"] for panel in panels(board)), 2):
            beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
            above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
            assert beside or above, (one, other)

    def test_begins_with_a_row_and_has_no_empty_one(self, board):
        shown = board["panels"]
        assert shown[0]["type"] == "row"
        for panel, following in zip(shown, shown[1:] + [{"type": "row"}]):
            if panel["type"] == "row" and not panel["panels"]:
                assert following["type"] != "row", panel["title"]

    def test_panels_say_what_they_show(self, board):
        titles = [panel["title"] for panel in panels(board) if panel["type"] != "row"]
        assert len(titles) >= 4
        for panel in panels(board):
            if panel["type"] == "row":
                continue
            assert panel["description"].endswith("."), panel["title"]
            if panel["type"] in ("timeseries", "stat", "bargauge", "table"):
                assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            if panel["type"] == "heatmap":
                assert panel["options"]["yAxis"]["unit"], panel["title"]
            for target in panel.get("targets", []):
                assert target["refId"]

    def test_alerts_named_in_descriptions_exist(self, board):
        rules = yaml.safe_load((DASHBOARDS / "alerts.yaml").read_text())
        alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
        for panel in panels(board):
            for name in re.findall(r"\bAssay[A-Z]\w+", panel.get("description", "")):
                assert name in alerts, panel["title"]


def test_thresholds_are_those_of_the_alerts():
    """A line in a panel that is not where its alert fires would mislead."""
    rules = yaml.safe_load((DASHBOARDS / "alerts.yaml").read_text())
    limits = {
        rule["alert"]: {float(limit) for limit in re.findall(r"[<>]=? ([0-9.]+)(?:\s|$)", rule["expr"])}
        for group in rules["groups"]
        for rule in group["rules"]
    }
    checked = 0
    for path in FILES:
        for panel in panels(load(path)):
            steps = panel.get("fieldConfig", {}).get("defaults", {}).get("thresholds", {}).get("steps", [])
            highest = {step["value"] for step in steps if step["color"] == "red" and step["value"] is not None}
            names = re.findall(r"\bAssay[A-Z]\w+", panel.get("description", ""))
            # Where anything at all is too much, the panel has a hair's breadth.
            for value in highest - {0.0001}:
                assert any(value in limits[name] for name in names), (panel["title"], value)
                checked += 1
    assert checked >= 8


def test_provisioning_files_fit_the_dashboards():
    provider = yaml.safe_load((DASHBOARDS / "provisioning" / "dashboards.yaml").read_text())
    assert provider["apiVersion"] == 1
    assert [entry["type"] for entry in provider["providers"]] == ["file"]
    sources = yaml.safe_load((DASHBOARDS / "provisioning" / "datasources.yaml").read_text())
    assert {source["type"] for source in sources["datasources"]} == {PROMETHEUS["type"], POSTGRES["type"]}
    assert len({source["uid"] for source in sources["datasources"]}) == 2
    for source in sources["datasources"]:
        assert "password" not in source.get("jsonData", {})
