"""The licences of what is linked in: each has one that is known, and none is forgotten."""

import json
import shutil
import subprocess
import sys

import pytest

from repository import ROOT

COLLECT = ROOT / "scripts/licences/collect"
CHECKOUTS = ROOT / ".build/checkouts"
APACHE = "Apache License\nVersion 2.0, January 2004\n"


def collect(resolved, output, checkouts=CHECKOUTS):
    done = subprocess.run(
        [sys.executable, COLLECT, "--resolved", resolved, "--checkouts", checkouts, "--output", output],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((output / "licences.json").read_text())


@pytest.fixture
def made(tmp_path):
    """A list of one package, and its checkout with the files that are given."""

    def make(files):
        checkout = tmp_path / "checkouts/swift-log"
        shutil.rmtree(checkout, ignore_errors=True)
        for name, text in files.items():
            path = checkout / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        pin = {"identity": "swift-log", "location": "https://example.com/swift-log.git", "state": {"revision": "a", "version": "1.0.0"}}
        resolved = tmp_path / "Package.resolved"
        resolved.write_text(json.dumps({"pins": [pin], "version": 3}))
        command = [sys.executable, COLLECT, "--resolved", resolved, "--checkouts", tmp_path / "checkouts", "--output", tmp_path / "out"]
        return subprocess.run(command, capture_output=True, text=True), tmp_path / "out"

    return make


def test_every_package_of_this_repository_has_one(tmp_path):
    licences = collect(ROOT / "Package.resolved", tmp_path / "licences")
    pins = {pin["identity"] for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
    assert set(licences) == pins | {"assay", "swift"}
    assert licences["yams"] == "MIT" and "Unicode-3.0" in licences["swift"] and licences["swift-nio"] == "Apache-2.0 AND MIT"
    readme = (tmp_path / "licences/README").read_text()
    for name in licences:
        assert name in readme and any((tmp_path / "licences" / name).glob("LICENSE*")), name
    # What lies inside of others without a file of its own.
    assert (tmp_path / "licences/yams/LICENSE-libyaml.txt").is_file()
    assert (tmp_path / "licences/swift/LICENSE-icu.txt").is_file()


def test_notices_and_licences_of_parts_come_along(made):
    done, output = made({"LICENSE.txt": APACHE, "NOTICE.txt": "n", "Sources/C/LICENSE": "Permission is hereby granted, free of charge", "Tests/LICENSE": "x"})
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (output / "swift-log").iterdir()} == {"LICENSE.txt", "NOTICE.txt", "Sources-C-LICENSE"}
    assert json.loads((output / "licences.json").read_text())["swift-log"] == "Apache-2.0 AND MIT"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"README": "x"}, "swift-log has no licence"),
        ({"NOTICE.txt": "x"}, "swift-log has no licence"),
        ({"LICENSE": "All rights reserved."}, "is a licence that is not known here"),
    ],
)
def test_what_has_none_is_not_packed(made, files, said):
    done, _ = made(files)
    assert done.returncode == 1 and said in done.stderr


def test_a_package_that_was_not_fetched_is_told(made):
    done, _ = made({})
    assert done.returncode == 1 and "there is no checkout of swift-log" in done.stderr
