"""A service over a store with an analysis in each state, and a browser."""

import subprocess
import time
from pathlib import Path

import pytest

from pages import browser
from repository import ROOT

PROGRAMS = ROOT / ".build/debug"


class Gallery:
    """The service, and what changes an analysis as another process would."""

    def __init__(self, directory: Path):
        self.store = directory / "store.db"
        self.run()
        port = directory / "port"
        command = [PROGRAMS / "assay", "serve", "--store-path", self.store, "--plans-directory", ROOT / "examples/plans"]
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
        subprocess.run([PROGRAMS / "page-gallery", self.store, *arguments], check=True, timeout=120)

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    if not (PROGRAMS / "page-gallery").exists():
        pytest.fail("page-gallery is not built: run make build")
    gallery = Gallery(tmp_path_factory.mktemp("gallery"))
    try:
        yield gallery
    finally:
        gallery.close()


@pytest.fixture(scope="session")
def tab():
    if not browser.is_installed():
        pytest.skip("Chromium is not installed")
    with browser.running() as tab:
        yield tab
