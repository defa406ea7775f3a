"""The Containerfile, read instead of built: no container engine is needed. docs/image.md says what was run."""

import fnmatch
import re
import shutil
import subprocess

import pytest

from image.containerfile import read
from repository import ROOT

ARGUMENTS, STAGES = read((ROOT / "Containerfile").read_text())
FINAL = STAGES[-1]
SCRIPTS = ROOT / "scripts/image"

INSTRUCTIONS = {
    "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "USER", "VOLUME", "WORKDIR"
}


def test_only_known_instructions():
    """ADD is not among them: it fetches without a checksum."""
    assert {instruction.name for stage in STAGES for instruction in stage.instructions} <= INSTRUCTIONS


def test_bases_are_pinned():
    known = set()
    for stage in STAGES:
        if stage.base not in known:
            image = ARGUMENTS[re.fullmatch(r"\$\{(\w+_IMAGE)\}", stage.base)[1]]
            registry, tag = image.rsplit(":", 1)
            assert registry.startswith("docker.io/") and re.search(r"\d+\.\d+", tag), image
        known.add(stage.name)


def test_build_and_run_on_the_same_debian():
    assert "bookworm" in ARGUMENTS["SWIFT_IMAGE"] and ":12." in ARGUMENTS["DEBIAN_IMAGE"]


def test_what_is_fetched_has_a_checksum():
    assert re.fullmatch(r"[0-9a-f]{64}", ARGUMENTS["LIBRDKAFKA_SHA256"])
    script = (SCRIPTS / "librdkafka").read_text()
    assert script.index("sha256sum --check") < script.index("tar --extract")
    for path in SCRIPTS.iterdir():
        downloads = re.findall(r"^\s*(?:curl|wget) ", path.read_text(), flags=re.M)
        assert not downloads or path.name == "librdkafka"


def test_arguments_of_stages_are_declared_where_they_are_used():
    for stage in STAGES:
        declared = {re.match(r"\w+", instruction.text)[0] for instruction in stage.all("ARG")}
        used = set()
        for instruction in stage.all("RUN") + stage.all("LABEL"):
            used |= set(re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", instruction.text))
        assert used <= declared, (stage.name, used - declared)


def test_runs_as_nobody_in_particular():
    assert [user.text for user in FINAL.all("USER")] == ["65532:65532"]
    names = [instruction.name for instruction in FINAL.instructions]
    assert "RUN" not in names[names.index("USER") :]


def test_starts_without_a_shell():
    assert FINAL.all("ENTRYPOINT")[0].words == ["assay"]
    assert FINAL.all("CMD")[0].words == ["serve"]


def test_health_check_is_the_program_itself():
    check = FINAL.all("HEALTHCHECK")[0]
    assert check.rest.startswith("CMD ")
    assert check.rest.removeprefix("CMD ") == '["assay", "health"]'
    assert set(check.flags) == {"interval", "timeout", "start-period", "retries"}


def test_labels():
    labels = set(re.findall(r"org\.opencontainers\.image\.([\w.]+)=", FINAL.all("LABEL")[0].text))
    assert {"title", "description", "licenses", "version", "revision", "created", "base.name"} <= labels


def test_state_and_settings_are_where_the_documentation_says():
    assert FINAL.all("VOLUME")[0].text == "/var/lib/assay"
    assert FINAL.all("ENV")[0].text == "ASSAY_CONFIG=/etc/assay/settings.yaml"
    assert (SCRIPTS / "settings.yaml").exists()


def sources():
    """What is copied or mounted from the context."""
    for stage in STAGES:
        for copy in stage.all("COPY"):
            if "from" not in copy.flags:
                yield from copy.rest.split()[:-1]
        for run in stage.all("RUN"):
            for mount in re.findall(r"--mount=(\S+)", run.text):
                options = dict(option.split("=", 1) for option in mount.split(","))
                if "from" not in options:
                    yield options["source"]


def ignored(path):
    """Whether .dockerignore leaves a path out: the last rule that fits decides."""
    out = False
    for rule in (ROOT / ".dockerignore").read_text().splitlines():
        if not rule or rule.startswith("#"):
            continue
        pattern = rule.removeprefix("!").removeprefix("**/")
        parents = [path, *(str(parent) for parent in (ROOT / path).relative_to(ROOT).parents)]
        if any(fnmatch.fnmatch(parent, pattern) for parent in parents if parent != "."):
            out = not rule.startswith("!")
    return out


def test_sources_exist_and_are_in_the_context():
    found = list(sources())
    assert found
    for source in found:
        assert (ROOT / source).exists(), source
        assert source == "." or not ignored(source), source


def test_the_context_is_what_the_build_needs():
    # Every target's folder, or the manifest is refused.
    paths = re.findall(r'path: "([^"]+)"', (ROOT / "Package.swift").read_text())
    for path in ["Package.swift", *paths]:
        assert not ignored(path), path
    for path in [".build/debug", ".git/config", "docs/README.md", "Tests/Integration/Deployment/repository.py", "examples"]:
        assert ignored(path), path


def test_scripts_that_are_called_exist_and_may_be_run():
    called = {name for stage in STAGES for run in stage.all("RUN") for name in re.findall(r"(?:scripts|tmp)/image/([\w-]+)", run.text)}
    assert called == {"build-packages", "librdkafka", "build-assay", "runtime-packages", "sbom", "install-assay"}
    for name in called:
        assert (SCRIPTS / name).stat().st_mode & 0o111, name


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_scripts_are_sound():
    scripts = [path for path in SCRIPTS.iterdir() if path.read_text().startswith("#!/usr/bin/env bash")]
    assert len(scripts) >= 6
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_target_says_clearly_when_there_is_no_engine(tmp_path):
    """An empty PATH but for what the script itself needs."""
    for name in ["bash", "dirname", "git", "date", "env"]:
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        ["bash", SCRIPTS / "build"], capture_output=True, text=True, env={"PATH": str(tmp_path), "HOME": str(tmp_path)}
    )
    assert done.returncode == 1
    assert "no container engine runs here" in done.stderr and "docs/image.md" in done.stderr
