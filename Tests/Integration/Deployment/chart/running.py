"""Runs a container of the chart with the built program: its arguments, variables and files, in a folder of its own."""

import base64
import json
import os
import queue
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

from repository import ROOT

PROGRAM = ROOT / ".build" / "debug" / "assay"

# Long enough for a machine that does much else; nothing waits for as long when all is well.
PATIENCE = 180


class Container:
    """The files of a pod and one of its containers."""

    def __init__(self, program: Path, root: Path, objects, pod: dict, name: str = "assay"):
        self.root = root
        spec = pod["spec"]
        entry = next(entry for entry in spec["containers"] + spec.get("initContainers", []) if entry["name"] == name)
        self.objects = objects
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        for mount in entry["volumeMounts"]:
            if mount["name"] in ("settings", "plans", "secrets", "state"):
                self._mount(volumes[mount["name"]], mount)
        self.command = [program, *entry["args"]]
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(root)}
        for variable in entry["env"]:
            self.environment[variable["name"]] = self._value(variable)

    def settings(self, **changes: str) -> None:
        """Changes lines of the settings file, for what cannot be as in a pod: a port, a path."""
        file = self.root / "etc/assay/settings.yaml"
        lines = [line for line in file.read_text().splitlines() if line.split(":")[0] not in changes]
        file.write_text("\n".join([*lines, *(f"{key}: {json.dumps(value)}" for key, value in changes.items())]) + "\n")

    def run(self) -> str:
        """What it prints, once it has ended well."""
        done = subprocess.run(self.command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> "Running":
        return Running(self.command, self.environment)

    def _path(self, path: str) -> Path:
        return self.root / path.removeprefix("/")

    def _moved(self, text: str) -> str:
        return re.sub(r"/(etc|var/lib)/assay", lambda match: str(self._path(match.group())), text)

    def _value(self, variable: dict) -> str:
        if "value" in variable:
            return self._moved(variable["value"])
        reference = variable["valueFrom"].get("secretKeyRef")
        return self._secret(reference["name"], reference["key"]) if reference else "from-the-pod"

    def _secret(self, name: str, key: str) -> str:
        made = [d for d in self.objects.of("Secret") if d["metadata"]["name"] == name]
        if made:
            return base64.b64decode(made[0]["data"][key]).decode()
        return "postgres://assay:password@127.0.0.1:1/assay" if name.startswith("postgres") else f"{key} of the secret {name}"

    def _mount(self, volume: dict, mount: dict) -> None:
        target = self._path(mount["mountPath"])
        if "subPath" in mount:
            data = self.objects.one("ConfigMap", volume["configMap"]["name"])["data"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self._moved(data[mount["subPath"]]))
            return
        target.mkdir(parents=True, exist_ok=True)
        for source in volume.get("projected", {}).get("sources", []):
            if "secret" in source:
                for item in source["secret"]["items"]:
                    (target / item["path"]).write_text(self._secret(source["secret"]["name"], item["key"]))
                continue
            items = source["configMap"].get("items", [])
            for item in items:
                (target / item["path"]).write_text(f"{item['key']} of {source['configMap']['name']}")
            made = [d for d in self.objects.of("ConfigMap") if d["metadata"]["name"] == source["configMap"]["name"]]
            if made and not items:
                for name, text in made[0].get("data", {}).items():
                    (target / name).write_text(text)


class Running:
    """A process and its log."""

    def __init__(self, command: list, environment: dict[str, str]):
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.log: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_) -> None:
        self._process.kill()
        self._process.wait()

    def line(self, text: str) -> str:
        """The first line of the log from here on that holds a text. Fails when the process ends before."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, f"ended with {self._process.wait()} before {text!r}:\n" + "".join(self.log)
            if text in line:
                return line

    def address(self, message: str = "listening") -> str:
        """Where it listens, as the line with this message says."""
        text = f'"message":"{message}"'
        line = next((line for line in list(self.log) if text in line), None) or self.line(text)
        return re.search(r"http://[^\"\s]+", line.replace("\\/", "/")).group()

    def stop(self) -> int:
        """Ends it as the kubelet does; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=PATIENCE)

    def _read(self) -> None:
        for line in self._process.stdout:
            self.log.append(line)
            self._lines.put(line)
        self._lines.put(None)


def status(url: str, body: str | None = None, headers: dict[str, str] | None = None) -> int:
    """The status of the answer to GET, or to POST where there is a body."""
    request = urllib.request.Request(url, data=body.encode() if body else None, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
