"""Each value is documented, and the README says what values.yaml says."""

import base64
import re

import pytest
import yaml

from chart import reference, settings_schema
from chart.running import PROGRAM, Container, status
from chart.test_rendering import NEWEST, OLDEST, validator
from repository import CHART, DOCS


def test_every_value_has_a_comment():
    assert [path for value in reference.documented_values() for path in value.undocumented] == []


def test_the_readme_shows_the_values():
    """`python -m chart.reference --write` in Tests/Integration/Deployment brings it up to date."""
    assert reference.README.read_text() == reference.readme()


def test_every_value_is_in_the_schema(chart):
    """The schema knows each key of values.yaml: without one it would refuse the defaults."""
    chart.validate({})


def test_comments_name_values_that_exist(chart):
    """What a comment or the documentation puts in backticks and begins with a section of the values is one."""
    texts = [
        (CHART / "values.yaml").read_text(),
        (CHART / "README.md").read_text(),
        (DOCS / "kubernetes.md").read_text(),
    ]
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


EXAMPLES = re.findall(r"```yaml values.yaml\n(.*?)```", (DOCS / "kubernetes.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_examples_of_values_render(chart, text):
    for document in chart.objects(yaml.safe_load(text)):
        validator(document["apiVersion"], document["kind"], NEWEST).validate(document)


def test_the_example_of_an_event_is_taken_in(chart, tmp_path):
    """The first installation, up to what `curl` shows."""
    page = (DOCS / "kubernetes.md").read_text()
    objects = chart.objects(yaml.safe_load(EXAMPLES[0]))
    container = Container(PROGRAM, tmp_path, objects, objects.one("Deployment", "assay")["spec"]["template"])
    container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "shutdown.delay": "0s"})
    with container.start() as process:
        address = process.address()
        event = re.search(r"-d '(\{.*?\})'\n", page, re.DOTALL).group(1)
        name, key = re.search(r"get secret (\S+) --output jsonpath='\{\.data\.(\w+)\}'", page).groups()
        secret = objects.one("Secret", name)["data"][key]
        token = {"Authorization": f"Bearer {base64.b64decode(secret).decode()}"}
        headers = {"Content-Type": "application/cloudevents+json"}
        assert status(address + "/v1/events", event, headers) == 401
        assert status(address + "/v1/events", event, {**headers, **token}) == 202
        assert status(address + "/v1/sessions", headers=token) == 200


def test_the_page_tells_what_is_validated():
    page = (DOCS / "kubernetes.md").read_text()
    assert f"schemas of Kubernetes {OLDEST} and {NEWEST}" in page


def test_the_versions_are_those_of_the_program(assay):
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == assay("--version").strip()
