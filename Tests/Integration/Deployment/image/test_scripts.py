"""The image's scripts, as far as they run without building the program or changing the machine."""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

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


COPYRIGHTS = {
    "libcurl4": """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: them
License: curl

Files: lib/a.c
 lib/b.c
Copyright: others
License: BSD-3-Clause or GPL-2+

Files: debian/*
Copyright: packagers
License: GPL-3

License: curl
 The words.
""",
    "base-files": "Prose. The text is in /usr/share/common-licenses/GPL-2.\n",
}
DIGEST = "sha256:" + "cd" * 32


def sbom(tmp_path, status=STATUS, resolved=RESOLVED, copyrights=None):
    (tmp_path / "status").write_text(status)
    if copyrights is None:
        copyrights = tmp_path / "doc"
        for name, text in COPYRIGHTS.items():
            (copyrights / name).mkdir(parents=True, exist_ok=True)
            (copyrights / name / "copyright").write_text(text)
    (tmp_path / "licences.json").write_text(json.dumps({"swift-log": "Apache-2.0"}))
    (tmp_path / "Package.resolved").write_text(json.dumps(resolved))
    done = subprocess.run(
        [sys.executable, SCRIPTS / "sbom", "--version", "1.2.3", "--dpkg-status", tmp_path / "status", "--resolved"]
        + [tmp_path / "Package.resolved", "--librdkafka", "2.14.2", "--librdkafka-sha256", "ab" * 32]
        + ["--copyright", copyrights, "--licences", tmp_path / "licences.json"]
        + ["--base", f"docker.io/library/debian:12.13-slim@{DIGEST}"],
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
    assert set(packages) == {"assay", "docker.io/library/debian", "librdkafka", "swift-log", "libcurl4", "base-files"}
    assert packages["docker.io/library/debian"]["versionInfo"] == DIGEST
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


def test_sbom_says_under_which_licence_each_is(tmp_path):
    document = sbom(tmp_path)
    licences = {package["name"]: package["licenseDeclared"] for package in document["packages"]}
    assert licences["assay"] == licences["swift-log"] == "Apache-2.0" and licences["librdkafka"] == "BSD-2-Clause"
    assert licences["libcurl4"] == "(BSD-3-Clause OR GPL-2.0-or-later) AND curl"
    assert licences["base-files"] == "GPL-2.0-only"


def declared(document):
    """Expressions are well-formed, and each name of one is SPDX's or explained."""
    explained = {info["licenseId"] for info in document["hasExtractedLicensingInfos"]}
    for package in document["packages"]:
        expression = package["licenseDeclared"]
        assert expression.count("(") == expression.count(")"), expression
        for name in re.sub(r"[()]", " ", expression).split():
            assert re.fullmatch(r"[A-Za-z0-9.+-]+", name), expression
            assert not name.startswith("LicenseRef-") or name in explained, name
    return [package["name"] for package in document["packages"] if package["licenseDeclared"] == "NOASSERTION"]


def test_sbom_is_the_same_for_the_same_contents(tmp_path):
    assert sbom(tmp_path) == sbom(tmp_path)
    assert sbom(tmp_path)["documentNamespace"] != sbom(tmp_path, resolved={"pins": []})["documentNamespace"]


def test_sbom_of_this_repository(tmp_path):
    """The real list of Swift packages, and a real Debian's packages."""
    resolved = json.loads((ROOT / "Package.resolved").read_text())
    with open("/var/lib/dpkg/status") as status:
        document = sbom(tmp_path, status.read(), resolved, Path("/usr/share/doc"))
    unknown = [name for name in declared(document) if not any(pin["identity"] == name for pin in resolved["pins"])]
    # A few packages have no file of their own, and the base image is what it is made of.
    assert len(unknown) < len(document["packages"]) / 20, unknown
    names = {package["name"] for package in document["packages"]}
    assert {"hummingbird", "swift-nio", "libc6", "librdkafka"} <= names


def test_bases_are_printed_by_digest(tmp_path):
    """With what the registry says; here a stub of docker says it."""
    stub = tmp_path / "docker"
    stub.write_text(f"#!/bin/sh\necho \"$*\" >>{tmp_path}/asked\necho {DIGEST}\n")
    stub.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    lines = subprocess.run([SCRIPTS / "bases"], capture_output=True, text=True, check=True, env=path).stdout.splitlines()
    found = dict(re.findall(r"^ARG (\w+_IMAGE)=(.+)$", (ROOT / "Containerfile").read_text(), flags=re.M))
    assert lines == [f"{name}={image}@{DIGEST}" for name, image in found.items()] and len(lines) == 2
    assert (tmp_path / "asked").read_text().count("imagetools inspect") == 2
    stub.write_text("#!/bin/sh\necho nothing\n")
    done = subprocess.run([SCRIPTS / "bases"], capture_output=True, text=True, env=path)
    assert done.returncode != 0 and "names no digest" in done.stderr


def test_a_build_takes_the_bases_that_it_is_given(tmp_path):
    stub = tmp_path / "docker"
    stub.write_text("#!/bin/sh\necho \"$@\"\n")
    stub.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "DEBIAN_IMAGE": f"debian:12@{DIGEST}"}
    done = subprocess.run([SCRIPTS / "build"], capture_output=True, text=True, env=environment)
    assert f"--build-arg DEBIAN_IMAGE=debian:12@{DIGEST}" in done.stdout and "SWIFT_IMAGE" not in done.stdout


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
