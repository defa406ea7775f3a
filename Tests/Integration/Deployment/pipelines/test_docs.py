"""Blocks of the documentation that name an example are cut out of it, word by word."""

import re
import textwrap

import pytest

from pipelines.runners import PIPELINES
from repository import DOCS, ROOT

BLOCK = re.compile(r"^```\w+ (\S+/\S+)\n(.*?)^```$", flags=re.M | re.S)


def blocks():
    for name in ["pipelines.md", "image.md"]:
        for path, text in BLOCK.findall((DOCS / name).read_text()):
            yield pytest.param(path, text, id=f"{name}-{path}")


def windows(lines, count):
    for start in range(len(lines) - count + 1):
        yield textwrap.dedent("\n".join(lines[start : start + count]))


@pytest.mark.parametrize(("path", "text"), list(blocks()))
def test_block_is_in_its_file(path, text):
    wanted = textwrap.dedent(text).rstrip("\n")
    lines = (ROOT / path).read_text().splitlines()
    assert wanted in windows(lines, len(wanted.splitlines()))


def test_every_example_is_documented():
    text = (DOCS / "pipelines.md").read_text()
    for folder in PIPELINES.iterdir():
        assert f"examples/pipelines/{folder.name}/" in text, folder.name
