"""A real Prometheus and a real `assay serve` (embedded broker, SQLite) for the examples to talk to."""

import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from random import Random

from ports import free_port
from repository import ROOT

ASSAY = Path(os.environ.get("ASSAY_EXECUTABLE", ROOT / ".build/debug/assay"))

# What the versions named so do. Of `gone` there are no samples.
VERSIONS = {"good": 1, "bad": 10}

# What the plans have in common: looks after 2 and 4 seconds, as no real plan would.
COMMON = """
apiVersion: assay.dev/v1
judge: conditions
schedule: {warmup: 0s, step: 1s, interval: 2s, lifetime: 4s, delay: 0s, deadline: 1s}
minimumSamples: 1
metrics:
  - name: errors
    query: sum(errors{version="${version}", ${scope}})
    condition: canary <= 2 * control
    critical: true
"""

PLANS = {
    "canary": """
name: canary
match: {applications: [checkout], environments: ["production*"]}
scopes: {control: {labels: {track: stable}}, experiment: {labels: {track: canary}}}
""",
    # Those whose deploy events bring both sides.
    "rollout": "name: rollout\nmatch: {applications: [rollout]}\n",
    "podinfo": "name: podinfo\nmatch: {applications: [podinfo]}\n",
    "before-after": "name: checkout-before-after\nmatch: {applications: [nothing]}\nevents: {releases: any}\n",
}


TOKEN = "0123456789abcdef"


def samples(now):
    """Both tracks and both pod hashes of each version now; and the whole application an hour ago and now."""
    lines = ["# TYPE errors gauge"]

    def add(labels, value, start, end):
        lines.extend(f"errors{{{labels}}} {value} {at}" for at in range(start, end))

    for version, factor in VERSIONS.items():
        for side, value in [("stable", 10), ("canary", 10 * factor)]:
            add(f'version="{version}",track="{side}"', value, now - 60, now + 300)
        for app, value in [("podinfo-primary", 10), ("podinfo", 10 * factor)]:
            add(f'version="{version}",app="{app}"', value, now - 60, now + 300)
        for pods, value in [("aaaa", 10), ("bbbb", 10 * factor)]:
            add(f'version="{version}",rollouts_pod_template_hash="{pods}"', value, now - 60, now + 300)
        add(f'version="{version}",app="checkout"', 10, now - 3660, now - 3300)
        add(f'version="{version}",app="checkout"', 10 * factor, now - 60, now + 300)
    # An hour of what Kayenta's callers ask for: latencies that wander, and those of a canary that is slower.
    for scope, level in [("web-stable", 100), ("web-canary", 100), ("web-slow", 150)]:
        values = Random(scope)
        lines.extend(
            f'latency{{scope="{scope}"}} {level + values.uniform(-5, 5):.3f} {at}' for at in range(now - 3900, now + 300, 15)
        )
    return "\n".join(lines + ["# EOF"]) + "\n"


def request(url, body=None, headers=None):
    """Status and JSON of an answer of the service."""
    headers = {"Authorization": f"Bearer {TOKEN}", **(headers or {})}
    data = body.encode() if isinstance(body, str) else body
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=data, headers=headers), timeout=60
        ) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read() or b"null")


class Stack:
    """Started once; `close` ends its processes."""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        (directory / "plans").mkdir()
        for name, head in PLANS.items():
            (directory / "plans" / f"{name}.yaml").write_text(COMMON + head)

    def open(self):
        directory = self.directory
        prometheus = self.start_prometheus()
        port_file, token_file = directory / "port", directory / "token"
        token_file.write_text(TOKEN)
        self.start(
            [ASSAY, "serve", "--prometheus-url", prometheus, "--store-path", directory / "assay.db", "--plans-directory"]
            + [directory / "plans", "--web-port", "0", "--web-port-file", port_file, "--log-format", "text"]
            + ["--web-token-file", token_file, "--kayenta-api"]
            + ["--hooks-profiles-file", ROOT / "examples/pipelines/flagger/profiles.yaml"]
        )
        self.wait_for(port_file.exists, "assay serve listens")
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self.wait_for(lambda: self.answers(self.url + "/readyz"), "assay serve is ready")

    def start_prometheus(self):
        (self.directory / "samples").write_text(samples(int(time.time())))
        (self.directory / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n")
        database = self.directory / "tsdb"
        subprocess.run(
            ["promtool", "tsdb", "create-blocks-from", "openmetrics", self.directory / "samples", database],
            check=True,
            capture_output=True,
        )
        url = f"127.0.0.1:{free_port()}"
        self.start(
            ["prometheus", f"--config.file={self.directory}/prometheus.yml", f"--storage.tsdb.path={database}"]
            + [f"--web.listen-address={url}", "--storage.tsdb.retention.time=100y", "--log.level=warn"]
        )
        self.wait_for(lambda: self.answers(f"http://{url}/-/ready"), "Prometheus is ready")
        return f"http://{url}"

    def start(self, command):
        log = open(self.directory / f"{Path(command[0]).name}.log", "wb")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self.processes.append(
            subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=kept)
        )
        log.close()

    def wait_for(self, condition, what):
        end = time.monotonic() + 180
        while not condition():
            ended = [process.args[0] for process in self.processes if process.poll() is not None]
            assert not ended and time.monotonic() < end, f"not in time, or {ended} ended: {what}"
            time.sleep(0.05)

    @staticmethod
    def answers(url):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.status == 200
        except OSError:
            return False

    def final(self, session):
        """The session with its final verdict."""
        found = {}

        def is_finished():
            status, answer = request(f"{self.url}/v1/sessions/{session}")
            found.update(answer if status == 200 else {})
            return found.get("session", {}).get("phase") == "finished"

        self.wait_for(is_finished, f"the verdict of {session}")
        return found

    def close(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=60)
