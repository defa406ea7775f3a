"""Blocks that other programs than Assay understand: Kubernetes objects, pipelines, Prometheus rules, PromQL.

DocsTests checks all others, and refuses what nothing checks; CONTRIBUTING.md shows the list.
"""

import json
import subprocess
from pathlib import Path

import check_jsonschema
import jsonschema
import kubernetes_validate
import pytest
import yaml

from docs.markdown import blocks
from repository import CHART, ROOT

VENDORED = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"

# By the end of the file's name.
SCHEMAS = {
    ".gitlab-ci.yml": VENDORED / "gitlab-ci.json",
    ".circleci/config.yml": VENDORED / "circle-ci.json",
    "compose.yaml": VENDORED / "compose-spec.json",
    "values.yaml": CHART / "values.schema.json",
}


# Keys at the top of files that are not Assay's.
FOREIGN = ("apiVersion", "groups", "scrape_configs", "rule_files")


def is_checked_elsewhere(block, documents):
    """Plans, settings, and what commands of the page read, by DocsTests."""
    if any(str(document.get("apiVersion", "")).startswith("assay.dev/") for document in documents):
        return True
    is_foreign = any(key in document for document in documents for key in FOREIGN)
    if block.file is None:
        return not is_foreign
    if block.file.split("/")[-1] == "settings.yaml":
        return True
    consoles = [other for other in blocks("console") if other.page == block.page]
    return any(block.file in other.text for other in consoles)


def schema_of(file):
    if file and ".github/workflows/" in file:
        return VENDORED / "github-workflows.json"
    return next((schema for end, schema in SCHEMAS.items() if file and file.endswith(end)), None)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml(block, tmp_path):
    # A part of a file is not always YAML by itself; DocsTests compares it, and the file has its own tests.
    if block.file and "/" in block.file and (ROOT / block.file).exists():
        return
    documents = [document for document in yaml.safe_load_all(block.text) if document is not None]
    assert documents and all(isinstance(document, dict) for document in documents)
    if is_checked_elsewhere(block, documents):
        return
    schema = schema_of(block.file)
    for document in documents:
        # What a workflow writes as `on` is true to YAML 1.1.
        if True in document:
            document["on"] = document.pop(True)
        if schema:
            jsonschema.validate(document, json.loads(schema.read_text()))
        elif "groups" in document:
            promtool("rules", block.text, tmp_path)
        elif "scrape_configs" in document or "rule_files" in document:
            promtool("config", block.text, tmp_path, "--syntax-only")
        else:
            assert "apiVersion" in document, f"{block}: nothing checks {block.file}"
            # Kinds of others have no schema here: show a part of a file that has a test.
            kubernetes_validate.validate(document, "1.31", strict=True)


def test_promql(tmp_path):
    rules = [{"record": f"block:{number}", "expr": block.text} for number, block in enumerate(blocks("promql"))]
    if rules:
        promtool("rules", yaml.safe_dump({"groups": [{"name": "docs", "rules": rules}]}), tmp_path)


def promtool(kind, text, folder, *options):
    file = folder / "file.yaml"
    file.write_text(text)
    answer = subprocess.run(["promtool", "check", kind, *options, file], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
