"""The fenced blocks of the pages."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from repository import ROOT


@dataclass
class Block:
    page: Path
    # Where its fence opens.
    line: int
    language: str
    # The file that the block shows, when it names one.
    file: str | None
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"


def pages():
    """Every page of the repository, except in folders whose name begins with a dot."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".md"):
                yield Path(folder, name).relative_to(ROOT)


def blocks(language):
    return [block for page in pages() for block in blocks_of(page) if block.language == language]


def blocks_of(page):
    block = indentation = None
    for number, line in enumerate((ROOT / page).read_text().splitlines(), 1):
        fence = re.match(r"( *)```(.*)", line)
        if fence and block:
            yield block
            block = None
        elif fence:
            words = fence[2].split()
            indentation = len(fence[1])
            file = words[1] if len(words) > 1 else None
            block = Block(page, number, words[0] if words else "", file, "")
        elif block:
            block.text += (line[indentation:] if line[:indentation].isspace() else line) + "\n"
