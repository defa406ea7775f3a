"""The packages beside the main one compile its modules, each by a manifest of its own: they name the same dependencies.

`make test` does not build them, so a module that needs another one more would only be noticed by `make fuzz` or
`make bench`.
"""

import json
import re
import subprocess
from functools import cache

import pytest

from repository import ROOT

IMPORT = re.compile(r"^(?:@testable )?(?:package |public |internal |private )?import (?:\w+ )?(\w+)", re.MULTILINE)


@cache
def targets(folder):
    command = ["swift", "package", "dump-package", "--package-path", ROOT / folder]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {target["name"]: target for target in json.loads(printed)["targets"]}


def dependencies(target):
    return {next(name for name in found.values())[0] for found in target["dependencies"]}


def shared(folder):
    """The modules of the main package that a package beside it compiles."""
    return [name for name, target in targets(folder).items() if name in targets(".") and target["type"] == "regular"]


@pytest.mark.parametrize("folder", ["Benchmarks", "Tests/Fuzzing"])
def test_shared_modules_have_what_they_import(folder):
    assert shared(folder)
    for name in shared(folder):
        target, main = targets(folder)[name], targets(".")[name]
        if target.get("sources") is None:
            assert dependencies(target) == dependencies(main), f"{folder}/Package.swift: {name}"
            continue
        # Some of its files only: no more than they need.
        files = [path for part in target["sources"] for path in swift_files(ROOT / main["path"] / part)]
        assert files, f"{folder}/Package.swift: {name}"
        imported = {module for path in files for module in IMPORT.findall(path.read_text())}
        assert imported & set(targets(".")) == dependencies(target), f"{folder}/Package.swift: {name}"


def swift_files(path):
    return [path] if path.is_file() else sorted(path.rglob("*.swift"))
