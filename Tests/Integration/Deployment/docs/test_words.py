"""The words of comments, messages and pages: a sentence names who acts, in English that a newcomer reads once."""

import re
from pathlib import Path

import pytest

from repository import ROOT

FOLDERS = ["Sources", "Tests", "docs", "helm", "dashboards", "examples", "loadtest", "Benchmarks", "scripts"]
FILES = ["README.md", "CONTRIBUTING.md", "Makefile", "Containerfile", "Package.swift"]
KINDS = {".swift", ".c", ".h", ".md", ".py", ".yaml", ".yml", ".json", ".tpl", ".txt", ".sh", ""}
# What others wrote, what was stored or published before, and what is built.
SKIPPED = {".build", ".build-python", "Fixtures", "Resources", "Corpus", "Migrations", "__pycache__", ".pytest_cache"}

# A role is named (the replica, the pipeline, the caller, an operator), not a pronoun; things end, pass or are removed.
# A lone word in quotation marks is a value: a user, an application.
UNCLEAR = {
    "an actor without a name": r"(?<![\"'\w-])(?:who(?:m|so)?ever|somebody|someone|anybody|nobody)(?![\"'\w-])",
    "an end without a verb": r"\b(?:is|are|was|were) (?:over|gone)\b(?! [0-9$])",
    "a thing without a name": r"\bthe ones? before\b|\bit is what\b",
    "an idiom of another language": r"\bfor want of\b|\ball the same\b|\bwhichever\b|\b(?:his|her) own\b|\b(?:him|her)self\b",
}
UNCLEAR = {
    problem: re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE) for problem, pattern in UNCLEAR.items()
}
COMMENT = re.compile(r"^[ \t]*(?:///?|#)", re.MULTILINE)


def unclear(text):
    """Each unclear phrase of a text with its line. A phrase may begin at the end of one line of a comment."""
    text = COMMENT.sub(lambda leader: " " * len(leader[0]), text)
    return [
        f"line {text.count(chr(10), 0, match.start()) + 1}: {problem}: {' '.join(match[0].split())}"
        for problem, pattern in UNCLEAR.items()
        for match in pattern.finditer(text)
    ]


def texts():
    paths = [ROOT / name for name in FILES] + [path for name in FOLDERS for path in (ROOT / name).rglob("*")]
    for path in paths:
        parts = set(path.relative_to(ROOT).parts)
        if path.suffix in KINDS and path.is_file() and not path.is_symlink() and not parts & SKIPPED and path != Path(__file__):
            yield path


def test_every_sentence_names_who_acts():
    found = []
    for path in texts():
        text = path.read_bytes()
        if b"\0" not in text:
            found += [f"{path.relative_to(ROOT)}: {phrase}" for phrase in unclear(text.decode(errors="replace"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "// Whoever holds the lease writes.",
        "Nobody reads it.",
        "    /// Until the analysis is\n    /// over.",
        "# ends where the one\n# before it ended",
        "The file is gone.",
    ],
)
def test_an_unclear_sentence_is_found(text):
    assert unclear(text)


@pytest.mark.parametrize("text", ['user: "nobody"', "the share is over 5 %", "410 Gone", "handed over", "s-nobody"])
def test_a_value_or_a_plain_sentence_is_not(text):
    assert not unclear(text)
