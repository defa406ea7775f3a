"""The examples have the shape that their systems read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

from pipelines.runners import PIPELINES
from pipelines.stack import ASSAY

SCHEMAS = {path.stem: json.loads(path.read_text()) for path in Path(__file__).with_name("schemas").glob("*.json")}

KUBERNETES = "1.34"


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", "github/release.yaml"),
        ("vendor.gitlab-ci", "gitlab/.gitlab-ci.yml"),
        ("vendor.circle-ci", "circleci/config.yml"),
    ],
)
def test_ci_files(schema, path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, PIPELINES / path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def documents():
    for path in sorted(PIPELINES.glob("*/*.yaml")):
        for number, document in enumerate(yaml.safe_load_all(path.read_text())):
            if isinstance(document, dict) and "kind" in document and not document["apiVersion"].startswith("assay.dev"):
                name = f"{path.parent.name}/{path.name}#{number}"
                yield pytest.param(document, id=name)


@pytest.mark.parametrize("document", list(documents()))
def test_kubernetes_objects(document):
    own = SCHEMAS.get(document["kind"].lower())
    if own:
        jsonschema.Draft202012Validator(own).validate(document)
    else:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)


@pytest.mark.parametrize("broken", ["steps", "results", "unknown"])
def test_own_schemas_refuse_what_is_wrong(broken):
    """A schema that accepts everything would prove nothing."""
    task = yaml.safe_load((PIPELINES / "tekton/task.yaml").read_text())
    if broken == "unknown":
        task["spec"]["step"] = []
    else:
        task["spec"][broken] = [{}]
    assert not jsonschema.Draft202012Validator(SCHEMAS["task"]).is_valid(task)


def test_rollout_templates_are_pod_templates():
    """What a Rollout runs is what a Deployment would."""
    rollout = next(yaml.safe_load_all((PIPELINES / "argo-rollouts/rollout.yaml").read_text()))
    spec = {key: rollout["spec"][key] for key in ("replicas", "selector", "template")}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": rollout["metadata"], "spec": spec}
    kubernetes_validate.validate(deployment, KUBERNETES, strict=True)


def test_rollout_waits_for_verdicts_only():
    documents = list(yaml.safe_load_all((PIPELINES / "argo-rollouts/rollout.yaml").read_text()))
    rollout = documents[0]
    canary = rollout["spec"]["strategy"]["canary"]
    pauses = [step["pause"] for step in canary["steps"] if "pause" in step]
    assert pauses and not any(pauses), "a pause with a time would end without a verdict"
    services = {document["metadata"]["name"] for document in documents if document["kind"] == "Service"}
    assert {canary["stableService"], canary["canaryService"]} == services
    notifications = yaml.safe_load((PIPELINES / "argo-rollouts/notifications.yaml").read_text())["data"]
    for annotation in rollout["metadata"]["annotations"]:
        trigger, service = re.fullmatch(r"notifications\.argoproj\.io/subscribe\.([\w-]+)\.([\w-]+)", annotation).groups()
        assert {f"trigger.{trigger}", f"service.webhook.{service}"} <= set(notifications)


@pytest.mark.parametrize("example", ["argo-cd", "argo-rollouts"])
def test_triggers_send_templates_that_exist(example):
    data = yaml.safe_load((PIPELINES / example / "notifications.yaml").read_text())["data"]
    triggers = {key: yaml.safe_load(text) for key, text in data.items() if key.startswith("trigger.")}
    assert triggers
    for conditions in triggers.values():
        for condition in conditions:
            assert {"when", "oncePer", "send"} <= set(condition)
            for template in condition["send"]:
                assert list(yaml.safe_load(data[f"template.{template}"])["webhook"]) == ["assay"]


def test_spinnaker_pipeline():
    pipeline = json.loads((PIPELINES / "spinnaker/pipeline.json").read_text())
    jsonschema.Draft202012Validator(SCHEMAS["spinnaker"]).validate(pipeline)
    references = [stage["refId"] for stage in pipeline["stages"]]
    assert len(set(references)) == len(references)
    for stage in pipeline["stages"]:
        assert set(stage["requisiteStageRefIds"]) <= set(references)
    names = {stage["name"] for stage in pipeline["stages"]}
    assert set(re.findall(r"#stage\('([^']+)'\)", json.dumps(pipeline))) <= names


def test_jenkinsfile_is_balanced():
    """Braces, brackets and quotes, outside of strings and comments."""
    text = (PIPELINES / "jenkins/Jenkinsfile").read_text()
    bare = re.sub(r"'''.*?'''|'[^'\n]*'|//[^\n]*", "", text, flags=re.S)
    assert "'" not in bare
    depth = []
    for character in bare:
        if character in "({[":
            depth.append(")}]"["({[".index(character)])
        elif character in ")}]":
            assert depth.pop() == character
    assert not depth
    assert re.findall(r"^    (\w+)", bare, flags=re.M) == ["agent", "options", "parameters", "stages"]


def test_event_ids_name_the_deployment():
    """Where the id of an event is made of a run alone, the same run to another environment would be another event of that id."""
    scripts = [
        path
        for folder in ("github", "gitlab", "jenkins", "circleci", "tekton", "deployment", "quality-gate")
        for path in (PIPELINES / folder).iterdir()
    ]
    found = [
        line.strip()
        for path in scripts
        for line in path.read_text().splitlines()
        if re.search(r"\bEVENT: |\bevent=|\bEVENT=|name: EVENT,", line)
    ]
    assert len(found) == 7
    for line in found:
        assert "checkout-production-" in line or "$(params.application)-$(params.environment)-" in line, line


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("path", sorted(PIPELINES.glob("*/*.sh")), ids=lambda path: path.parent.name)
def test_scripts(path):
    done = subprocess.run(["shellcheck", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted(PIPELINES.glob("*/plan.yaml")), ids=lambda path: path.parent.name)
def test_plans(path):
    done = subprocess.run([ASSAY, "validate", path], capture_output=True, text=True)
    assert done.returncode == 0 and "warning" not in done.stdout + done.stderr, done.stdout + done.stderr
