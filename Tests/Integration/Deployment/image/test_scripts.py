"""The image's scripts, as far as they run without building the program or changing the machine."""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile

import yaml

from pipelines.stack import ASSAY
from repository import ROOT

SCRIPTS = ROOT / "scripts/image"

STATUS = """Package: libcurl4
Status: install ok installed
Maintainer: Maintainers <maintainers@debian.org>
Architecture: amd64
Version: 7.88.1-10+deb12u14
Description: a library
 with a long text

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: base-files
Status: install ok installed
Architecture: all
Version: 12.4+deb12u12
"""

RESOLVED = {
    "pins": [
        {
            "identity": "swift-log",
            "kind": "remoteSourceControl",
            "location": "https://github.com/apple/swift-log.git",
            "state": {"revision": "abc", "version": "1.16.2"},
        }
    ],
    "version": 3,
}


def sbom(tmp_path, status=STATUS, resolved=RESOLVED):
    (tmp_path / "status").write_text(status)
    (tmp_path / "Package.resolved").write_text(json.dumps(resolved))
    done = subprocess.run(
        [sys.executable, SCRIPTS / "sbom", "--version", "1.2.3", "--dpkg-status", tmp_path / "status", "--resolved"]
        + [tmp_path / "Package.resolved", "--librdkafka", "2.14.2", "--librdkafka-sha256", "ab" * 32],
        capture_output=True,
        text=True,
        env={"SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
    )
    return json.loads(done.stdout)


def test_sbom_lists_what_is_inside(tmp_path):
    document = sbom(tmp_path)
    assert document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0"
    assert document["creationInfo"]["created"] == "2023-11-14T22:13:20Z"
    packages = {package["name"]: package for package in document["packages"]}
    assert set(packages) == {"assay", "librdkafka", "swift-log", "libcurl4", "base-files"}
    locators = {name: package["externalRefs"][0]["referenceLocator"] for name, package in packages.items()}
    assert locators["libcurl4"] == "pkg:deb/debian/libcurl4@7.88.1-10%2Bdeb12u14?arch=amd64&distro=debian-12"
    assert locators["swift-log"] == "pkg:swift/github.com/apple/swift-log@1.16.2"
    assert packages["librdkafka"]["checksums"][0]["checksumValue"] == "ab" * 32
    identifiers = [package["SPDXID"] for package in document["packages"]]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", identifier) for identifier in identifiers)
    assert document["documentDescribes"] == ["SPDXRef-application-assay"]
    related = {relationship["relatedSpdxElement"] for relationship in document["relationships"]}
    assert related == set(identifiers) - {"SPDXRef-application-assay"}


def test_sbom_is_the_same_for_the_same_contents(tmp_path):
    assert sbom(tmp_path) == sbom(tmp_path)
    assert sbom(tmp_path)["documentNamespace"] != sbom(tmp_path, resolved={"pins": []})["documentNamespace"]


def test_sbom_of_this_repository(tmp_path):
    """The real list of Swift packages, and a real Debian's packages."""
    resolved = json.loads((ROOT / "Package.resolved").read_text())
    with open("/var/lib/dpkg/status") as status:
        document = sbom(tmp_path, status.read(), resolved)
    names = {package["name"] for package in document["packages"]}
    assert {"hummingbird", "swift-nio", "libc6", "librdkafka"} <= names


def test_a_release_with_another_checksum_is_refused(tmp_path):
    archive = tmp_path / "v1.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        info = tarfile.TarInfo("librdkafka-1/configure")
        text = b"#!/bin/sh\ntouch ran\n"
        info.size, info.mode = len(text), 0o755
        tar.addfile(info, io.BytesIO(text))
    wrong = hashlib.sha256(b"something else").hexdigest()
    done = subprocess.run(
        [SCRIPTS / "librdkafka", "1", wrong, tmp_path / "prefix", archive], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode != 0 and "FAILED" in done.stdout + done.stderr
    assert not (tmp_path / "prefix").exists()


def test_settings_of_the_image_are_settings():
    """Unknown keys end the program; these do not."""
    settings = yaml.safe_load((SCRIPTS / "settings.yaml").read_text())
    assert settings["store"]["path"].startswith("/var/lib/assay/")
    done = subprocess.run(
        [ASSAY, "health", "--config", SCRIPTS / "settings.yaml", "--web-port", "1"], capture_output=True, text=True, env={}
    )
    assert "http://127.0.0.1:1/livez" in done.stderr, done.stderr
