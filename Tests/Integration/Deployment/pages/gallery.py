"""A service over a store with an analysis in each state."""

import subprocess
import time
from pathlib import Path

from repository import ROOT

PROGRAMS = ROOT / ".build/debug"


class Gallery:
    """The service, and what changes an analysis as another process would."""

    def __init__(self, directory: Path, programs: Path = PROGRAMS):
        self.programs = programs
        self.store = directory / "store.db"
        self.run()
        port = directory / "port"
        command = [programs / "assay", "serve", "--store-path", self.store, "--plans-directory", ROOT / "examples/plans"]
        command += ["--web-host", "127.0.0.1", "--web-port", "0", "--web-port-file", port]
        # Nothing answers there: no analysis of the gallery is to go on.
        command += ["--prometheus-url", "http://127.0.0.1:1"]
        self.log = (directory / "log").open("w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        until = time.monotonic() + 60
        while not (port.exists() and port.read_text().strip()):
            assert self.process.poll() is None and time.monotonic() < until, (directory / "log").read_text()[-4000:]
            time.sleep(0.05)
        self.url = f"http://127.0.0.1:{port.read_text().strip()}"

    def run(self, *arguments):
        subprocess.run([self.programs / "page-gallery", self.store, *arguments], check=True, timeout=120)

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
