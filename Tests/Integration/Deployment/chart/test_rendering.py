"""Every value file is linted, rendered, and valid for the oldest and the newest Kubernetes."""

import functools
import re

import helm_python as helm
import jsonschema
import kubernetes_validate.utils as kubernetes
import pytest
import referencing
import yaml

from chart import custom_resources
from chart.rendering import CHART, NAMES, values_of

OLDEST = re.search(r"\d+\.\d+", yaml.safe_load((CHART / "Chart.yaml").read_text())["kubeVersion"]).group()
NEWEST = re.search(r"\d+\.\d+", kubernetes.latest_version()).group()


def test_there_are_enough_value_files():
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", [None, *NAMES])
def test_lint_finds_nothing(chart, name):
    report = helm.lint(chart.directory, values_of(name) if name else {}, strict=True, namespace="canary")
    messages = [message for message in report["messages"] if message["error"] != "icon is recommended"]
    assert (messages, report["errors"]) == ([], [])


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", [None, *NAMES])
def test_objects_are_valid(chart, name, version):
    values = values_of(name) if name else {}
    objects = chart.objects(values)
    assert objects
    for document in objects:
        validator(document["apiVersion"], document["kind"], version).validate(document)


def test_the_validation_is_strict(chart):
    document = chart.objects().of("Deployment")[0]
    strict = validator("apps/v1", "Deployment", NEWEST)
    strict.validate(document)
    document["spec"]["template"]["spec"]["containers"][0]["imagePullPolcy"] = "Always"
    with pytest.raises(jsonschema.ValidationError, match="imagePullPolcy"):
        strict.validate(document)


@pytest.mark.parametrize("name", [None, *NAMES])
def test_rendering_twice_gives_the_same(chart, name):
    """But for the token that an installation without one gets, which an upgrade takes over from the cluster."""
    values = values_of(name) if name else {}
    first, second = ({**chart.texts(values), "web-token.yaml": ""} for _ in range(2))
    assert first == second


@functools.cache
def validator(api_version: str, kind: str, version: str) -> jsonschema.protocols.Validator:
    """What `kubernetes_validate.validate(…, strict=True)` makes anew for each object; else of `custom_resources`."""
    if (api_version, kind) in custom_resources.SCHEMAS:
        return jsonschema.Draft202012Validator(custom_resources.SCHEMAS[api_version, kind])
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    schema = kubernetes.schema_contents(
        f"kubernetes-json-schema/v{version}.0-local-strict/{kind.lower()}-{group}.json", version
    )
    return jsonschema.Draft202012Validator(schema, registry=registry(version))


@functools.cache
def registry(version: str) -> referencing.Registry:
    definitions = kubernetes.schema_contents(
        f"kubernetes-json-schema/v{version}.0-local-strict/_definitions.json", version
    )
    return referencing.Resource.from_contents(definitions) @ referencing.Registry()
