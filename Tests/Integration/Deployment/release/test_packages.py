"""The Debian package and the tarball, made of the debug build. `scripts/package/try` installs a real one."""

import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest
import yaml

from pipelines.stack import ASSAY
from release.test_licences import collect
from release.test_version import VERSION
from repository import ROOT

SCRIPTS = ROOT / "scripts/package"
UNITS = ["assay.service", "assay-rollout.service"]
DEBIAN = VERSION.replace("-", "~", 1)
ARCHITECTURE = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()
ENVIRONMENT = os.environ | {"COMPRESSION": "none", "LEVEL": "1", "SOURCE_DATE_EPOCH": "1800000000"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with both. Twice the same, or the second has other bytes."""
    program = tmp_path_factory.mktemp("program")
    subprocess.run(["strip", "--strip-all", "-o", program / "assay", ASSAY], check=True)
    shutil.copy(ROOT / "Package.resolved", program)
    collect(ROOT / "Package.resolved", program / "licences")
    output = tmp_path_factory.mktemp("packages")
    command = [SCRIPTS / "build", "--program", program, "--output", output]
    sums = {subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout for _ in range(2)}
    assert len(sums) == 1
    return output


@pytest.fixture(scope="module")
def deb(built):
    return built / f"assay_{DEBIAN}_{ARCHITECTURE}.deb"


@pytest.fixture(scope="module")
def contents(deb):
    """Mode, owner and size by path."""
    lines = subprocess.run(["dpkg-deb", "--contents", deb], capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[5].lstrip("."): line.split()[:3] for line in lines}


@pytest.fixture(scope="module")
def control(deb, tmp_path_factory):
    folder = tmp_path_factory.mktemp("control")
    subprocess.run(["dpkg-deb", "--control", deb, folder], check=True)
    return folder


def test_fields(control):
    fields = dict(re.findall(r"^([A-Z][\w-]+): (.*)$", (control / "control").read_text(), flags=re.M))
    assert (fields["Package"], fields["Version"], fields["Architecture"]) == ("assay", DEBIAN, ARCHITECTURE)
    needed = set(re.split(r"(?: \(.*?\))?, ", fields["Depends"]))
    # Of Debian 12 and of Ubuntu 24.04, which has renamed some.
    for library in ["libc6", "librdkafka1", "libcurl4(t64)?", "libpq5", "libsqlite3-0", "adduser", "ca-certificates"]:
        assert any(re.fullmatch(library, name) for name in needed), (library, needed)
    assert "@" not in re.sub("<.*?>", "", (control / "control").read_text())


def test_what_a_person_changes_survives_an_upgrade(control, contents):
    conffiles = (control / "conffiles").read_text().split()
    assert conffiles == [path for path in contents if path.startswith("/etc/") and not path.endswith("/")]


def test_paths_and_rights(contents):
    expected = {
        "/usr/bin/assay": "-rwxr-xr-x",
        "/lib/systemd/system/assay.service": "-rw-r--r--",
        "/lib/systemd/system/assay-rollout.service": "-rw-r--r--",
        "/etc/assay/plans/": "drwxr-xr-x",
        "/etc/assay/secrets/": "drwxr-x---",
        "/usr/share/man/man1/assay.1.gz": "-rw-r--r--",
        "/usr/share/doc/assay/copyright": "-rw-r--r--",
        "/usr/share/doc/assay/sbom.spdx.json": "-rw-r--r--",
        "/usr/share/doc/assay/licences/README": "-rw-r--r--",
        "/usr/share/doc/assay/licences/swift-nio/NOTICE.txt": "-rw-r--r--",
        "/usr/share/bash-completion/completions/assay": "-rw-r--r--",
        "/usr/share/zsh/vendor-completions/_assay": "-rw-r--r--",
        "/usr/share/fish/vendor_completions.d/assay.fish": "-rw-r--r--",
    }
    assert {path: contents[path][0] for path in expected} == expected
    assert {owner for _, owner, _ in contents.values()} == {"root/root"}


def test_each_package_that_is_linked_in_has_its_licence(deb, contents, tmp_path):
    """And the list of contents names it."""
    subprocess.run(["dpkg-deb", "--extract", deb, tmp_path], check=True)
    documents = tmp_path / "usr/share/doc/assay"
    listed = json.loads((documents / "sbom.spdx.json").read_text())["packages"]
    pins = {pin["identity"] for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]}
    assert {package["name"] for package in listed} == pins | {"assay"}
    for package in listed:
        assert package["licenseDeclared"] != "NOASSERTION", package["name"]
        assert any((documents / "licences" / package["name"]).glob("LICENSE*")), package["name"]
    assert (documents / "licences/swift/LICENSE.txt").is_file()


def test_a_program_without_its_licences_is_not_packed(tmp_path):
    program = tmp_path / "program"
    program.mkdir()
    shutil.copy(ROOT / "Package.resolved", program)
    (program / "assay").write_text(f"#!/bin/sh\necho {VERSION}\n")
    (program / "assay").chmod(0o755)
    done = subprocess.run(
        [SCRIPTS / "build", "--program", program, "--output", tmp_path / "out"], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert done.returncode == 1 and "licences is missing" in done.stderr


def test_the_tarball_holds_the_same(built, contents):
    name = f"assay-{VERSION}-linux-{ARCHITECTURE}"
    with tarfile.open(built / f"{name}.tar.gz") as archive:
        files = {member.name.removeprefix(name): member for member in archive if member.isfile()}
    moved = {path.removeprefix("/usr") for path in contents if not path.endswith("/")}
    assert set(files) == moved | {"/README"}
    assert files["/bin/assay"].mode & 0o111
    assert {(member.uid, member.mtime) for member in files.values()} == {(0, 1800000000)}


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_the_manual_page_is_sound(tmp_path):
    page = tmp_path / "assay.1"
    page.write_bytes(subprocess.run([SCRIPTS / "manual", ASSAY], capture_output=True, check=True).stdout)
    command = ["man", "--warnings", "--encoding=UTF-8", "--local-file", page]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0 and not done.stderr, done.stderr
    for word in ["assay emit", "prometheus.url", "EXIT STATUS", "/etc/assay/settings.yaml"]:
        assert word in done.stdout, word


def test_the_completion_is_a_script(tmp_path):
    script = subprocess.run([ASSAY, "--generate-completion-script", "bash"], capture_output=True, text=True, check=True).stdout
    assert "emit" in script
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def read(name):
    """The sections of a unit; a key that is given twice is a list of both."""
    sections = {}
    for line in (SCRIPTS / name).read_text().splitlines():
        if line.startswith("["):
            keys = sections.setdefault(line.strip("[]"), {})
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys.setdefault(key, []).append(value)
    return sections


@pytest.mark.parametrize("name", UNITS)
def test_units_are_confined(name):
    service = read(name)["Service"]
    assert service["User"] == ["assay"] and service["StateDirectory"] == ["assay"]
    for key, value in {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes", "CapabilityBoundingSet": "",
    }.items():
        assert service[key] == [value], key


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_the_units(name, tmp_path):
    unit = tmp_path / name
    unit.write_text((SCRIPTS / name).read_text().replace("/usr/bin/assay", str(ASSAY.resolve())))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if name in line]
    assert done.returncode == 0 and not complaints, done.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", unit], capture_output=True, text=True
    )
    assert rated.returncode == 0, rated.stdout[-200:]


@pytest.mark.parametrize("name", UNITS)
def test_the_command_of_a_unit_starts(name):
    """As far as its settings: what is misspelled would be told."""
    command = read(name)["Service"]["ExecStart"][0].split()
    assert command[0] == "/usr/bin/assay" and command[2:4] == ["--config", "/etc/assay/settings.yaml"]
    arguments = ["--config", SCRIPTS / "settings.yaml", *command[4:]]
    if command[1] == "rollout":
        arguments = ["rollout", *arguments, "--kafka-brokers", "kafka.example:9092", "--rollout-webhook-url", "https://rollouts.example"]
    done = subprocess.run([ASSAY, "config", *arguments], capture_output=True, text=True, env={})
    assert done.returncode == 0, done.stderr


def test_the_services_listen_on_different_ports():
    ports = set()
    for name in UNITS:
        command = read(name)["Service"]["ExecStart"][0].split()
        ports.add(command[command.index("--web-port") + 1] if "--web-port" in command else "8080")
    assert len(ports) == 2 and "port" not in yaml.safe_load((SCRIPTS / "settings.yaml").read_text())["web"]


def test_settings_agree_with_the_paths():
    settings = yaml.safe_load((SCRIPTS / "settings.yaml").read_text())
    assert settings["store"]["path"].startswith("/var/lib/assay/")
    assert settings["plans"]["directory"] == "/etc/assay/plans"
    # Comments are settings as well, once the sign is taken away.
    text = re.sub(r"^(\s*)# (?=\s*\w[\w.]*:)", r"\1", (SCRIPTS / "settings.yaml").read_text(), flags=re.M)
    assert yaml.safe_load(text)["kafka"]["sasl"]["passwordFile"] == "/etc/assay/secrets/kafka"
    done = subprocess.run([ASSAY, "config", "--config", "/dev/stdin"], input=text, capture_output=True, text=True, env={})
    assert done.returncode in (0, 3) and "unknown" not in done.stderr, done.stderr


def test_the_variable_of_the_credentials_is_a_setting():
    settings = subprocess.run([ASSAY, "settings"], capture_output=True, text=True, check=True).stdout
    text = (SCRIPTS / "credentials.conf").read_text()
    variable = re.search(r"Environment=(\w+)=%d/prometheus", text)[1]
    assert f"`{variable}`" in settings


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_scripts_are_sound():
    scripts = [path for path in [*SCRIPTS.iterdir(), *(SCRIPTS / "debian").iterdir(), ROOT / "scripts/version"]
               if path.is_file() and path.read_text().startswith(("#!/usr/bin/env bash", "#!/bin/sh"))]
    assert len(scripts) >= 8
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
