"""The compose file: its shape, what it mounts, the settings it gives, and its scripts."""

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import yaml

from pipelines.stack import ASSAY
from repository import EXAMPLES, ROOT

FOLDER = EXAMPLES / "compose"
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "ASSAY_" in service["image"]}


def test_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FOLDER / "compose.yaml"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_images_are_pinned():
    for service in SERVICES.values():
        assert service in OURS.values() or re.search(r":v?\d+\.\d+", service["image"]), service["image"]


def test_mounted_files_exist():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            if source.startswith("."):
                assert (FOLDER / source).exists(), (name, source)
                assert volume.endswith(":ro"), volume
            else:
                assert source in COMPOSE["volumes"], (name, source)
            assert target.startswith("/")


def test_services_wait_for_what_can_be_waited_for():
    for name, service in SERVICES.items():
        for other, condition in service.get("depends_on", {}).items():
            match condition["condition"]:
                case "service_healthy":
                    # Those of ours have the image's health check.
                    is_checked = "healthcheck" in SERVICES[other] or other in OURS
                    assert is_checked and not SERVICES[other].get("healthcheck", {}).get("disable"), (name, other)
                case "service_completed_successfully":
                    assert SERVICES[other]["restart"] in ("no", "on-failure"), (name, other)
                case other_condition:
                    pytest.fail(other_condition)


def test_no_secrets_in_clear():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET", key):
                assert key.endswith("FILE") and str(value).startswith(("/run/secrets/", "/tokens/")), (name, key)
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert "/examples/compose/secrets/" in ignored
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")


def test_published_ports_stay_on_this_machine():
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


@pytest.fixture(scope="module")
def variables():
    """The variables that are settings."""
    output = subprocess.run([ASSAY, "settings"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^\| `--[a-z-]+` \| `([A-Z_]+)` \|", output, flags=re.M))


@pytest.mark.parametrize("name", [name for name, service in OURS.items() if "command" in service])
def test_variables_are_settings(name, variables):
    given = set(OURS[name].get("environment", {}))
    assert given <= variables, given - variables
    program = ASSAY.with_name("assay-demo") if "DEMO" in OURS[name]["image"] else ASSAY
    help_text = subprocess.run([program, OURS[name]["command"][0], "--help"], capture_output=True, text=True)
    assert help_text.returncode == 0
    for flag in OURS[name]["command"][1:]:
        assert not flag.startswith("--") or f"{flag} " in help_text.stdout, flag


def test_plans():
    done = subprocess.run([ASSAY, "validate", FOLDER / "plans"], capture_output=True, text=True)
    assert done.returncode == 0 and "warning" not in done.stdout + done.stderr, done.stdout + done.stderr


def test_prometheus(tmp_path):
    """With the rules beside it, as they are mounted."""
    text = (FOLDER / "prometheus.yaml").read_text()
    mounted = [volume.split(":")[:2] for volume in SERVICES["prometheus"]["volumes"]]
    for source, target in mounted:
        if source.endswith("alerts.yaml"):
            text = text.replace(target, str((FOLDER / source).resolve()))
    (tmp_path / "prometheus.yaml").write_text(text)
    done = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yaml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "rules found" in done.stdout
    for job in yaml.safe_load(text)["scrape_configs"]:
        for target in job["static_configs"][0]["targets"]:
            assert target.split(":")[0] in SERVICES


def test_grafana_has_what_its_provisioning_asks_for():
    given = set(SERVICES["grafana"]["environment"]) | set(re.findall(r"\b([A-Z_]+)=", SERVICES["grafana"]["entrypoint"][2]))
    targets = dict(volume.split(":")[:2] for volume in SERVICES["grafana"]["volumes"])
    for source, target in targets.items():
        path = FOLDER / source
        if path.is_file():
            assert set(re.findall(r"\$\{(\w+)\}", path.read_text())) <= given
    provider = yaml.safe_load((ROOT / "dashboards/provisioning/dashboards.yaml").read_text())["providers"][0]
    assert provider["options"]["path"] in targets.values()


def test_secrets_are_made_once(tmp_path):
    script = tmp_path / "secrets.sh"
    script.write_text((FOLDER / "secrets.sh").read_text())
    made = []
    for _ in range(2):
        subprocess.run(["sh", script], check=True)
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == {os.path.basename(secret["file"]) for secret in COMPOSE["secrets"].values()}
    assert all(len(text) == 32 for text in made[0].values()) and len(set(made[0].values())) == 3


class Grafana(BaseHTTPRequestHandler):
    """The part of Grafana's API about service accounts."""

    accounts = []

    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body, separators=(",", ":")).encode())

    def do_GET(self):
        assert self.path == "/api/serviceaccounts/search?query=assay"
        body = {"totalCount": len(self.accounts), "serviceAccounts": self.accounts, "page": 1, "perPage": 1000}
        self.answer(200 if self.headers["Authorization"] == "Basic YWRtaW46cGFzcw==" else 401, body)

    def do_POST(self):
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/serviceaccounts":
            assert order == {"name": "assay", "role": "Editor"}
            assert not self.accounts, "a second one of the name is refused"
            self.accounts.append({"id": 17, "name": "assay", "login": "sa-1-assay", "orgId": 1, "role": "Editor", "tokens": 0})
            self.answer(201, self.accounts[0])
        else:
            assert self.path == "/api/serviceaccounts/17/tokens" and order["name"].startswith("assay-")
            self.answer(200, {"id": 3, "name": order["name"], "key": "glsa_abc_123"})

    def log_message(self, *_):
        pass


def test_grafana_token(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Grafana)
    Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "password").write_text("pass")
    environment = {
        "PATH": os.environ["PATH"],
        "GRAFANA_URL": f"http://127.0.0.1:{server.server_port}",
        "PASSWORD_FILE": str(tmp_path / "password"),
        "TOKEN_FILE": str(tmp_path / "token"),
    }
    # The second time the account is there already.
    for _ in range(2):
        subprocess.run(["sh", FOLDER / "grafana-token.sh"], check=True, env=environment, timeout=60)
        assert (tmp_path / "token").read_text().strip() == "glsa_abc_123"
        (tmp_path / "token").unlink()
    server.shutdown()
    server.server_close()
