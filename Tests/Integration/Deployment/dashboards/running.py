"""Assay as it runs: broker, Postgres, `serve`, `rollout` and a Prometheus that scrapes them, all on this machine."""

import http.client
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from ports import free_port
from repository import DASHBOARDS, ROOT

ASSAY = os.environ.get("ASSAY_EXECUTABLE", str(ROOT / ".build" / "debug" / "assay"))
TARGET_LABELS = {"job", "instance", "namespace"}

PLAN = """\
apiVersion: assay.dev/v1
kind: AnalysisPlan
name: {name}
match: {{applications: [{applications}]}}
scopes:
  control: {{labels: {{job: prometheus}}}}
  # The same series by another label: alike, and yet asked for differently.
  experiment: {{labels: {{job: prometheus, namespace: shop}}}}
judge: NetflixACAJudge-v1.0
schedule: {{warmup: 0s, step: 1s, interval: 2s, lifetime: {lifetime}s, delay: 0s, deadline: 1s}}
minimumSamples: 1
metrics:
  - name: load
    group: load
    query: {query}
"""


def missing() -> str | None:
    """Why Assay cannot be run here."""
    programs = [name for name in ("prometheus", "promtool", "psql") if shutil.which(name) is None]
    if not Path(ASSAY).exists():
        programs.append(ASSAY)
    if postgres_programs() is None:
        programs.append("initdb")
    return f"needs {', '.join(programs)}" if programs else None


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Machine:
    """Starts the processes; `close` ends each of them, whatever has happened."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="assay-dashboards-"))
        self.children: list[tuple[subprocess.Popen, int]] = []
        self.receiver: ThreadingHTTPServer | None = None

    def start(self) -> "Machine":
        (self.folder / "plans").mkdir()
        self._plan("shop", 'sum(prometheus_tsdb_head_series{${scope}})', lifetime=4)
        self._plan("app-*", 'sum(prometheus_tsdb_head_series{${scope}})', lifetime=2)
        self._plan("nothing", 'sum(no_such_metric{${scope}})', lifetime=2)
        # Newer than the Prometheus of Debian 12, which refuses it.
        self._plan("refused", 'sum(limitk(1, prometheus_tsdb_head_series{${scope}}))', lifetime=2)
        database = self.database = self._postgres()
        prometheus_port = free_port()
        self.prometheus = f"http://127.0.0.1:{prometheus_port}"
        self.receiver = Receiver.start()
        brokers = self._broker()
        kafka = ["--kafka-brokers", brokers, "--kafka-embedded"]
        self._spawn("rollout", ASSAY, "rollout", *kafka, *self._web("rollout"),
                    "--rollout-webhook-url", self.receiver.url)
        self._run(ASSAY, "migrate", "--database-url", database)
        self._spawn("serve", ASSAY, "serve", *kafka, *self._web("serve"), "--database-url", database,
                    "--database-maximum-bytes", str(1 << 40), "--plans-directory", str(self.folder / "plans"), "--prometheus-url", self.prometheus)
        self.serve, self.rollout = self._url("serve"), self._url("rollout")
        self._prometheus(prometheus_port)
        for url in (self.serve, self.rollout):
            until(f"{url} is ready", lambda: get(f"{url}/readyz")[0] == 200)
        until("Prometheus scrapes all", lambda: self.query('count(up{namespace="shop"} == 1)') == "3")
        return self

    # What can be asked

    def metrics(self, url: str) -> str:
        return get(f"{url}/metrics")[1]

    def query(self, expression: str) -> str | None:
        """The single value of an instant query."""
        answer = self.ask("query", query=expression)
        return answer["result"][0]["value"][1] if answer["result"] else None

    def now(self) -> float:
        """Prometheus' time, in seconds since the epoch."""
        return float(self.ask("query", query="time()")["result"][1])

    def ask(self, path: str, **parameters) -> dict:
        """The data of an answer of Prometheus; an error and a warning fail."""
        status, body = get(f"{self.prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        answer = json.loads(body)
        assert status == 200 and answer["status"] == "success", (parameters, answer)
        assert not answer.get("warnings"), (parameters, answer)
        return answer["data"]

    def sql(self, statement: str) -> list[dict]:
        """The rows of a statement, run by psql as a user of Grafana's would run it."""
        rows = self._run("psql", "-X", "-A", "-t", "-h", str(self.folder / "socket"), "-U", "assay", "postgres", "-c",
                         f"SELECT coalesce(json_agg(t), '[]') FROM ({statement}) t")
        return json.loads(rows)

    def shell(self, command: str) -> subprocess.CompletedProcess:
        """Runs a command of a runbook, with the address of the database at hand."""
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120,
                              env=environment() | {"DATABASE_URL": self.database})

    def deploy(self, *applications: str, environment: str = "test") -> None:
        """Sends a deploy event for each application over one connection."""
        address = urllib.parse.urlsplit(self.serve)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        for application in applications:
            data = {"application": application, "environment": environment, "version": f"of-{application}"}
            event = {"specversion": "1.0", "id": f"deploy-{application}", "source": "/pipelines/test",
                     "type": "dev.assay.deploy.v1", "datacontenttype": "application/json", "data": data}
            headers = {"content-type": "application/cloudevents+json"}
            connection.request("POST", "/v1/events", json.dumps(event), headers)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in (200, 202), body
        connection.close()

    def finished(self) -> int:
        return int(float(self.query('sum(assay_verdicts_total{kind="final"})') or 0))

    # How it is started

    def _plan(self, application: str, query: str, lifetime: int) -> None:
        name = application.replace("*", "all")
        text = PLAN.format(name=name, applications=json.dumps(application), query=query, lifetime=lifetime)
        (self.folder / "plans" / f"{name}.yaml").write_text(text)

    def _web(self, name: str) -> list[str]:
        return ["--web-port", "0", "--web-port-file", str(self.folder / f"{name}.port")]

    def _url(self, name: str) -> str:
        file = self.folder / f"{name}.port"
        until(f"{name} listens", lambda: file.exists() and file.read_text().strip())
        return f"http://127.0.0.1:{file.read_text().strip()}"

    def _broker(self) -> str:
        file = self.folder / "broker.port"
        self._spawn("broker", ASSAY, "broker", "--port-file", str(file))
        until("the broker listens", lambda: file.exists() and file.read_text().strip())
        return file.read_text().strip()

    def _prometheus(self, port: int) -> None:
        jobs = {"assay": self.serve, "assay-rollout": self.rollout, "prometheus": self.prometheus}
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(DASHBOARDS / "alerts.yaml")],
            "scrape_configs": [
                {"job_name": job, "static_configs": [
                    {"targets": [url.removeprefix("http://")], "labels": {"namespace": "shop"}}]}
                for job, url in jobs.items()
            ],
        }
        file = self.folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(configuration))
        self._spawn("prometheus", "prometheus", f"--config.file={file}", f"--storage.tsdb.path={self.folder}/tsdb",
                    f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn")

    def _postgres(self) -> str:
        programs, data, sockets = postgres_programs(), self.folder / "data", self.folder / "socket"
        sockets.mkdir()
        user = []
        if os.geteuid() == 0:
            # A server refuses to run as root.
            owner = pwd.getpwnam("postgres")
            for folder in (self.folder, sockets):
                os.chown(folder, owner.pw_uid, owner.pw_gid)
            user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self._run(*user, str(programs / "initdb"), "-D", str(data), "-U", "assay", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync")
        # It has children of its own, which it ends at this signal.
        self._spawn("postgres", *user[1:], str(programs / "postgres"), "-D", str(data), "-k", str(sockets), "-F",
                    "-c", "listen_addresses=", stop=signal.SIGQUIT)
        until("Postgres is ready", lambda: subprocess.run(
            [str(programs / "pg_isready"), "-q", "-h", str(sockets)], check=False).returncode == 0)
        return f"postgres:///postgres?host={sockets}&user=assay"

    def _spawn(self, name: str, *command: str, stop: int = signal.SIGKILL) -> None:
        """Starts a process that ends when the tests do, however they end."""
        with (self.folder / f"{name}.log").open("wb") as log:
            child = subprocess.Popen(
                ["setpriv", "--pdeathsig", signal.Signals(stop).name, *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(), cwd=self.folder)
        self.children.append((child, stop))

    def _run(self, *command: str) -> str:
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment(), timeout=180, cwd=self.folder).stdout

    def logs(self) -> str:
        return "\n".join(f"== {file.name}\n{file.read_text()[-2000:]}" for file in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        for child, stop in reversed(self.children):
            child.send_signal(stop)
            child.wait()
        if self.receiver:
            self.receiver.shutdown()
            self.receiver.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Receiver(ThreadingHTTPServer):
    """What the rollout controller posts actions to: takes all but those about the application `refused`."""

    @staticmethod
    def start() -> "Receiver":
        server = Receiver(("127.0.0.1", 0), Receiver.Handler)
        server.url = f"http://127.0.0.1:{server.server_address[1]}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(400 if b'"application":"nothing"' in body else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass


def environment() -> dict[str, str]:
    """Settings are variables as well: those of the person who runs the tests are not for the programs under test."""
    kept = {"PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH"}
    return {name: value for name, value in os.environ.items() if name in kept}


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def until(what: str, condition, limit: float = 180) -> None:
    """Asks again and again; the limit is only there so that a failure ends."""
    end = time.monotonic() + limit
    while not attempt(condition):
        assert time.monotonic() < end, f"not within {limit} s: {what}"
        time.sleep(0.05)


def attempt(condition) -> bool:
    try:
        return bool(condition())
    except (AssertionError, ValueError):
        return False
