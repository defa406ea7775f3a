"""One version, wherever it stands."""

import os
import re
import shutil
import subprocess

import yaml

from pipelines.stack import ASSAY
from repository import CHART, DOCS, EXAMPLES, ROOT

VERSION = subprocess.run([ROOT / "scripts/version"], capture_output=True, text=True, check=True).stdout.strip()


def test_the_program_says_it():
    assert subprocess.run([ASSAY, "--version"], capture_output=True, text=True).stdout.strip() == VERSION


def test_the_chart_says_it():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (VERSION, VERSION)


def test_the_image_says_it():
    assert f"ARG VERSION={VERSION}\n" in (ROOT / "Containerfile").read_text()


def named(text):
    """The versions that images and packages of Assay are named by."""
    return re.findall(r"\bassay[:_-](\d+\.\d+\.\d+(?:[-~][0-9A-Za-z.]+?)?)(?=[\s\"'_`/\\]|-linux|\.deb|$)", text)


def test_names_are_found():
    found = named('"registry.example.com/assay:1.2.3-dev"\nassay_1.2.3~dev_amd64.deb assay-1.2.3-dev-linux-amd64.tar.gz')
    assert found == ["1.2.3-dev", "1.2.3~dev", "1.2.3-dev"]


def test_examples_and_pages_name_it():
    found = []
    for path in [ROOT / "README.md", *DOCS.rglob("*.md"), *EXAMPLES.rglob("*"), *CHART.rglob("*")]:
        if path.is_file() and path.name != "CHANGELOG.md" and path.suffix in (".md", ".yaml", ".yml", ".sh", ""):
            found += [(path.name, version.replace("~", "-")) for version in named(path.read_text())]
    assert len(found) >= 8
    assert [place for place in found if place[1] != VERSION] == []
    assert f"version {VERSION}." in (DOCS / "why.md").read_text()


def test_the_changes_begin_with_it():
    headings = re.findall(r"^## \[(.+?)\] - (\S+)$", (DOCS / "CHANGELOG.md").read_text(), flags=re.M)
    assert headings[0][0] == re.sub("-.*", "", VERSION)
    assert ("-" in VERSION) <= (headings[0][1] == "unreleased")
    for version, date in headings[1:]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", date), (version, date)
    numbers = [tuple(map(int, version.split("."))) for version, _ in headings]
    assert numbers == sorted(numbers, reverse=True)


def test_setting_another_writes_it_everywhere(tmp_path):
    """In a copy of what names it."""
    places = ["README.md", "Containerfile", "docs", "examples", "helm", "scripts", "Sources"]
    found = subprocess.run(["grep", "-rlF", VERSION, *places], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in {*found, "scripts/version", "README.md"}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "examples").mkdir(exist_ok=True)
    subprocess.run([tmp_path / "scripts/version", "--set", "9.8.7-rc.1"], check=True)
    said = subprocess.run([tmp_path / "scripts/version"], capture_output=True, text=True, check=True).stdout
    debian = subprocess.run([tmp_path / "scripts/version", "--debian"], capture_output=True, text=True, check=True).stdout
    assert (said, debian) == ("9.8.7-rc.1\n", "9.8.7~rc.1\n")
    for name in ["Containerfile", "helm/assay/Chart.yaml", "docs/why.md", "docs/packages.md", "docs/image.md"]:
        text = (tmp_path / name).read_text()
        assert "9.8.7" in text and VERSION not in text, name
    wrong = subprocess.run([tmp_path / "scripts/version", "--set", "new"], capture_output=True, text=True)
    assert wrong.returncode == 1 and "is no version" in wrong.stderr
    assert os.access(ROOT / "scripts/version", os.X_OK)
