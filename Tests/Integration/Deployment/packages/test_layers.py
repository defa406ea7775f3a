"""The layers of the product, as CONTRIBUTING.md draws them ("Where things are"): who may import whom, and what a file may be."""

import re
from pathlib import Path

import pytest

from packages.test_manifests import IMPORT, dependencies, swift_files, targets
from repository import ROOT

# A layer is a folder of Sources; what it may import beside its own modules. `JSON`, `Text` and `TextFiles` stand below all.
LEAVES = {"JSON", "Text", "TextFiles"}
BELOW = {
    "Core": set(),
    "Platform": set(),
    "Formats": {"Core"},
    "Clients": {"Platform"},
    "MetricSources": {"Core", "Formats", "Clients", "Platform"},
    "Store": {"Core", "Formats", "Clients", "Platform"},
    "Engine": {"Core", "Formats", "Clients", "Platform", "MetricSources", "Store"},
    "Kayenta": {"Core", "Formats", "Clients", "Platform", "MetricSources", "Store", "Engine"},
    "Rollout": {"Core", "Formats", "Clients", "Platform"},
    "Web": {"Core", "Formats", "Platform", "Engine", "Kayenta", "Store"},
    "Evaluation": {"Core", "Formats"},
    "Service": {
        "Core", "Formats", "Clients", "Platform", "MetricSources", "Store", "Engine", "Kayenta", "Rollout", "Web"
    },
    # Commands speak of plans and verdicts; what they do is done by the service library.
    "assay": {"Service", "Core", "Formats", "Evaluation"},
}  # fmt: skip
# Programs and libraries that stand beside the product: none of it may import them.
BESIDE = {"Demo", "Processes", "LoadRig", "Simulation"}
LONGEST_FILE = 400


def layer(target):
    path = Path(target["path"])
    return path.parts[1] if path.parts[0] == "Sources" else None


def product():
    """The Swift modules of the product, by name."""
    found = {name: target for name, target in targets(".").items() if target["type"] in ("regular", "executable")}
    return {name: target for name, target in found.items() if layer(target)}


def imports(target):
    return {module for path in swift_files(ROOT / target["path"]) for module in IMPORT.findall(path.read_text())}


@pytest.mark.parametrize("name", sorted(product()))
def test_a_module_imports_only_what_stands_below_it(name):
    target = product()[name]
    known = layer(target)
    assert known in BELOW, f"{target['path']} is in no layer"
    for other in sorted((imports(target) | dependencies(target)) & set(product()) - {name}):
        below = layer(product()[other])
        allowed = below == known or below in BELOW[known] or other in LEAVES
        assert allowed, f"{name} ({known}) imports {other} ({below})"
    assert not (imports(target) | dependencies(target)) & BESIDE


def test_the_web_interface_knows_no_store_but_the_protocol():
    for path in swift_files(ROOT / "Sources/Web"):
        assert not re.search(r"\b(SQLiteStore|PostgresStore)\b", path.read_text()), path


@pytest.mark.parametrize("name", ["Engine", "Rollout"])
def test_transport_stays_apart(name):
    """What is decided does not know by which way events come in and verdicts go out."""
    folder = ROOT / "Sources" / name
    speakers = {path.relative_to(folder).parts[0] for path in swift_files(folder) if "Kafka" in IMPORT.findall(path.read_text())}
    assert speakers == {"Kafka"}


def test_what_ships_contains_no_part_of_the_demo():
    """Neither the program nor anything that it depends on."""
    reached, waiting = set(), ["assay"]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in targets("."):
            reached.add(name)
            waiting += dependencies(targets(".")[name])
    assert "Service" in reached
    for name in reached:
        assert targets(".")[name]["path"].startswith("Sources/"), name


def test_no_file_is_too_long():
    folders = ["Sources", "Tests", "loadtest", "examples", "Benchmarks/Benchmarks", "Benchmarks/Sources"]
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.swift")):
        if not path.is_symlink() and not any(parent.is_symlink() for parent in path.parents):
            assert len(path.read_text().splitlines()) <= LONGEST_FILE, path


TYPE = re.compile(r"^(?:package |public )?(?:final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)", re.MULTILINE)


def test_no_two_modules_use_one_name():
    """A type's name is enough to find it, and no file that imports both modules has to say which it means."""
    places = {}
    for name, target in product().items():
        for path in swift_files(ROOT / target["path"]):
            for declared in TYPE.findall(path.read_text()):
                places.setdefault(declared, set()).add(name)
    assert {declared: sorted(modules) for declared, modules in places.items() if len(modules) > 1} == {}
