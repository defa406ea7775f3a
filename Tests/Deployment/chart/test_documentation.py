"""Each value is documented, and the README says what values.yaml says."""

import re

import yaml

from chart import reference, settings_schema
from repository import CHART, DOCS


def test_every_value_has_a_comment():
    assert [path for value in reference.documented_values() for path in value.undocumented] == []


def test_the_readme_shows_the_values():
    """`python -m chart.reference --write` in Tests/Deployment brings it up to date."""
    assert reference.README.read_text() == reference.readme()


def test_every_value_is_in_the_schema(chart):
    """The schema knows each key of values.yaml: without one it would refuse the defaults."""
    chart.validate({})


def test_comments_name_values_that_exist(chart):
    """What a comment or the documentation puts in backticks and begins with a section of the values is one."""
    texts = [(CHART / "values.yaml").read_text(), (CHART / "README.md").read_text(), (DOCS / "kubernetes.md").read_text()]
    sections = "|".join(chart.values)
    for path in re.findall(rf"`((?:{sections})(?:\.[A-Za-z]+)+)(?:[:=][^`]*)?`", " ".join(texts)):
        assert exists(path.split("."), chart), path


def exists(path: list[str], chart) -> bool:
    if ".".join(path) in settings_schema.OWNED:
        return True
    if path[0] == "settings":
        return known_setting(path[1:])
    node = chart.values
    if path[0] in ("components", "rollout") and path[-1] not in ("enabled", "roles"):
        node = {**node, path[0]: {**node[path[0]], **node["defaults"]}}
        if path[0] == "components":
            path = ["defaults", *path[2:]]
    for key in path:
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


def known_setting(path: list[str]) -> bool:
    node = yaml.safe_load(reference.SCHEMA.read_text())["definitions"]["settings"]
    for key in path:
        node = node.get("properties", {}).get(key)
        if node is None:
            return False
    return True


def test_the_versions_are_those_of_the_program(assay):
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == assay("--version").strip()
