"""The running service answers as its description says, to what fits the description and to what does not."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import jsonschema
import pytest

from pipelines.stack import TOKEN, request
from repository import DOCS, ROOT

DESCRIPTION = ROOT / "Sources/Web/OpenAPI/openapi.json"
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
    "negative_data_rejection",
    "missing_required_header",
]


def test_the_service_gives_out_the_description(stack):
    with urllib.request.urlopen(stack.url + "/v1/openapi.json", timeout=60) as answer:
        assert json.loads(answer.read()) == json.loads(DESCRIPTION.read_text())


def test_each_route_is_in_the_documentation():
    paths = json.loads(DESCRIPTION.read_text())["paths"]
    rows = [
        f"| `{method.upper()}` | `{path}` | {operation['summary']} |"
        for path, item in paths.items()
        for method, operation in item.items()
    ]
    lines = (DOCS / "reference/http.md").read_text().splitlines()
    assert [line for line in lines if line.startswith("| `")] == rows


def test_schemathesis_finds_nothing(stack, tmp_path):
    """Deterministic: the same requests each time."""
    command = [Path(sys.executable).with_name("st"), f"--config-file={CONFIGURATION}", "run", stack.url + "/v1/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--header", f"Authorization: Bearer {TOKEN}", "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "20", "--generation-deterministic", "--suppress-health-check", "all", "--warnings", "off"]
    command += ["--request-timeout", "60", "--continue-on-failure"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/{id}", "/v1/sessions/{id}/report"])
def test_answers_about_analyses_fit_closely(stack, path):
    """With members that the description does not name, an answer says something that no reader can look up."""
    sessions = request(stack.url + "/v1/sessions?limit=200")[1]["sessions"]
    description = json.loads(DESCRIPTION.read_text())
    schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    closed = json.loads(json.dumps(description["components"]).replace("#/components", "#/$defs"))["schemas"]
    for name in ["Session", "SessionPage", "SessionDetail", "Report"]:
        closed[name]["additionalProperties"] = False
    whole = {"$ref": schema["$ref"].replace("#/components/schemas", "#/$defs"), "$defs": closed}
    text = json.dumps(whole).replace("#/$defs/schemas/", "#/$defs/")
    validator = jsonschema.Draft202012Validator(json.loads(text))
    urls = ["/v1/sessions?limit=200"] if path == "/v1/sessions" else [path.replace("{id}", one["id"]) for one in sessions[:20]]
    for url in urls:
        validator.validate(request(stack.url + url)[1])
