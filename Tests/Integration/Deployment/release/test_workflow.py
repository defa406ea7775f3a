"""The workflow that makes a release: its schema, and that what it names is there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from repository import ROOT

PATH = ROOT / ".github/workflows/release.yml"
WORKFLOW = yaml.safe_load(PATH.read_text())
JOBS = WORKFLOW["jobs"]
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]
SCRIPTS = [(name, step["run"]) for name, step in STEPS if "run" in step]


def test_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", PATH]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_runs_on_tags_alone():
    # YAML 1.1 reads `on` as true.
    assert WORKFLOW[True] == {"push": {"tags": ["v*"]}}


def test_nothing_is_published_before_all_is_tried():
    assert set(JOBS["release"]["needs"]) == set(JOBS) - {"release"}
    for name, job in JOBS.items():
        assert name == "version" or "version" in [job["needs"]] + list(job["needs"]) or name == "try", name
    publishing = [name for name, text in SCRIPTS if re.search(r"gh release|helm push|imagetools create", text)]
    assert set(publishing) == {"release"}


def test_rights_are_small():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    for name, job in JOBS.items():
        given = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert not given or name in ("image", "release"), (name, given)


def test_everything_is_in_the_release():
    text = "\n".join(text for _, text in SCRIPTS)
    for word in ["base-images.txt", "image.txt", "make package", "*.deb", "*.tar.gz", "scripts/image/build --push", "helm package", "SHA256SUMS", ".spdx.json"]:
        assert word in text, word


def test_actions_are_pinned():
    """By commit: a tag can be moved. The tag stands behind it, for people."""
    text = PATH.read_text()
    used = re.findall(r"uses: (\S+)(.*)$", text, flags=re.M)
    assert len(used) == len([step for _, step in STEPS if "uses" in step])
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    pins = {}
    for action, _ in used:
        pins.setdefault(action.split("@")[0], set()).add(action)
    assert all(len(versions) == 1 for versions in pins.values())


ZIZMOR = Path(sys.executable).parent / "zizmor"


@pytest.mark.skipif(not ZIZMOR.exists(), reason="zizmor is not installed: scripts/setup")
def test_zizmor_finds_nothing():
    """What an attacker could use: values that become commands, rights that are too large, actions by tag."""
    done = subprocess.run([ZIZMOR, "--offline", "--no-progress", PATH], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_credentials_stay_in_the_checkouts():
    for name, step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}, name


def test_what_is_published_is_signed():
    """By the workflow itself: there is no key that could be stolen."""
    text = JOBS["release"]["steps"]
    runs = "\n".join(step.get("run", "") for step in text)
    for command in ["cosign sign --yes --recursive \"$name@$digest\"", "cosign sign --yes \"$charts/assay@", "cosign sign-blob --yes"]:
        assert command in runs, command
    # The checksums hold all that is published, and are made before they are signed.
    assert runs.index("sha256sum -- *") < runs.index("cosign sign-blob") < runs.index("gh release create")
    assert "--key" not in runs
    subjects = [step["with"] for step in text if step.get("uses", "").startswith("actions/attest-build-provenance@")]
    assert [sorted(subject) for subject in subjects] == [["subject-path"], ["push-to-registry", "subject-digest", "subject-name"]]
    assert JOBS["release"]["permissions"]["id-token"] == "write"


def test_both_images_are_built_of_the_same_bases_by_digest():
    assert "scripts/image/bases" in "\n".join(text for name, text in SCRIPTS if name == "bases")
    outputs = JOBS["bases"]["outputs"]
    assert JOBS["image"]["env"]["SWIFT_IMAGE"] == "${{ needs.bases.outputs.swift }}" and "SWIFT_IMAGE" in outputs["swift"]
    assert JOBS["image"]["env"]["DEBIAN_IMAGE"] == "${{ needs.bases.outputs.debian }}" and "DEBIAN_IMAGE" in outputs["debian"]


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing():
    done = subprocess.run(["actionlint", "-shellcheck=", "-pyflakes=", PATH], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_steps_are_called_by_what_the_others_use():
    """A misspelled output is empty, and no error."""
    for name, job in JOBS.items():
        ids = {step["id"] for step in job["steps"] if "id" in step}
        for used in re.findall(r"steps\.([\w-]+)\.", str(job)):
            assert used in ids, (name, used)
        for needed, output in re.findall(r"needs\.([\w-]+)\.outputs\.([\w-]+)", str(job)):
            assert needed in [job["needs"], *job["needs"]] and output in JOBS[needed]["outputs"], (name, needed, output)


def test_the_policy_is_where_forges_look_for_it():
    policy = (ROOT / ".github/SECURITY.md").read_text()
    assert "Report a vulnerability" in policy
    for link in re.findall(r"\]\((\.\./[^)]+)\)", policy):
        assert (ROOT / ".github" / link).is_file(), link


def test_scripts_and_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    for _, text in SCRIPTS:
        for script in re.findall(r"(?<![\w/.-])(?:scripts/[\w/-]+|\.ci/run)", text):
            assert (ROOT / script).is_file(), script
        for target in re.findall(r"^make (\w+)", text, flags=re.M):
            assert re.search(rf"^{target}:", makefile, flags=re.M), target


def test_the_toolchain_is_that_of_the_image():
    image = re.search(r"^ARG SWIFT_IMAGE=docker.io/library/(.+)$", (ROOT / "Containerfile").read_text(), flags=re.M)[1]
    assert {job["container"] for job in JOBS.values() if "container" in job} == {image}


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_scripts_are_sound(tmp_path):
    for number, (_, text) in enumerate(SCRIPTS):
        script = tmp_path / f"{number}.sh"
        # GitHub puts a value there before the shell sees it.
        script.write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + re.sub(r"\$\{\{.*?\}\}", "value", text))
        done = subprocess.run(["shellcheck", script], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_notes_of_a_release_are_the_part_of_its_version(tmp_path):
    """The program for awk stands in the workflow."""
    program = next(text for _, text in SCRIPTS if "gh release" in text)
    line = re.search(r"awk .*", program)[0].replace("docs/CHANGELOG.md", str(ROOT / "docs/CHANGELOG.md"))
    subprocess.run(["bash", "-ec", line], env={"VERSION": "0.1.0", "PATH": "/usr/bin:/bin"}, cwd=tmp_path, check=True)
    notes = (tmp_path / "notes.md").read_text()
    assert notes.startswith("## [0.1.0]") and "[0.2.0]" not in notes
