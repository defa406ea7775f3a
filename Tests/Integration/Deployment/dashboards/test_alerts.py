"""Alerts, their unit tests and their runbooks fit each other."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from repository import DASHBOARDS, DOCS

RULES = DASHBOARDS / "alerts.yaml"
TESTS = Path(__file__).with_name("alerts_test.yaml")
RUNBOOKS = DOCS / "runbooks"
ALERTS = {rule["alert"]: rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]}
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool")


def promtool(*arguments: str) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_promtool
def test_the_rules_are_well_formed():
    assert "SUCCESS" in promtool("check", "rules", "--lint=all", "--lint-fatal", str(RULES))


@needs_promtool
def test_alerts_fire_when_they_should_and_only_then():
    promtool("test", "rules", str(TESTS))


def test_every_alert_is_tried_both_ways():
    firing, quiet = set(), set()
    for test in yaml.safe_load(TESTS.read_text())["tests"]:
        for expected in test["alert_rule_test"]:
            (firing if expected["exp_alerts"] else quiet).add(expected["alertname"])
    assert firing == set(ALERTS)
    assert quiet == set(ALERTS)


def test_names_are_given_once():
    rules = [rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    assert len(rules) == len(set(rules))
    groups = [group["name"] for group in yaml.safe_load(RULES.read_text())["groups"]]
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_what_a_person_needs(name):
    rule = ALERTS[name]
    assert re.fullmatch(r"Assay[A-Z][A-Za-z]+", name)
    assert rule["labels"] in ({"severity": "critical"}, {"severity": "warning"})
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["summary"].endswith(".") and rule["annotations"]["description"].endswith(".")
    assert rule["annotations"]["runbook_url"] == f"https://assay.dev/docs/runbooks/{name}.md"


def test_each_alert_has_a_runbook_and_each_runbook_an_alert():
    assert {page.stem for page in RUNBOOKS.glob("*.md")} - {"README"} == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_a_runbook_leads_from_the_alert_to_what_to_do(name):
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n\nSeverity: {ALERTS[name]['labels']['severity']}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["What users notice", "Finding the cause", "What to do"]
    for link, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]*))?\)", text):
        target = (RUNBOOKS / link).resolve()
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings], link


@pytest.mark.parametrize("name", ALERTS)
def test_commands_of_a_runbook_can_be_read_by_a_shell(name):
    blocks = re.findall(r"```sh\n(.*?)```", (RUNBOOKS / f"{name}.md").read_text(), re.DOTALL)
    for block in blocks:
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and not done.stderr, done.stderr


def test_the_page_of_alerts_lists_them_all():
    page = (DOCS / "dashboards.md").read_text()
    for name, rule in ALERTS.items():
        row = next(line for line in page.splitlines() if f"[{name}](runbooks/{name}.md)" in line)
        assert f"| {rule['labels']['severity']} |" in row, name
