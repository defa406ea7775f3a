"""Pictures of the pages: drawn by scripts/picture, and readable in both themes."""

import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from repository import DOCS, ROOT

SVG = "{http://www.w3.org/2000/svg}"


def drawn(text, *arguments):
    done = subprocess.run([ROOT / "scripts/picture", *arguments], input=text, capture_output=True, text=True, check=True)
    return ElementTree.fromstring(done.stdout)


def rows(picture):
    return ["".join(row.itertext()) for row in picture.iter(f"{SVG}text")][1:]


def test_colours_and_what_must_be_escaped():
    picture = drawn("plain <&>\n\x1b[1mbold \x1b[31mred\x1b[0m plain\n", "--title", "a & b")
    assert rows(picture) == ["plain <&>", "bold red plain"]
    assert [(span.get("class"), span.text) for span in picture.iter(f"{SVG}tspan")] == [("b", "bold "), ("b r", "red")]


def test_a_line_that_was_written_over_shows_the_last():
    assert rows(drawn("first\n\r\x1b[K 1 of 2\r\x1b[K 2 of 2\r\n")) == ["first", " 2 of 2"]


def test_long_lines_go_on_in_the_next_row_with_their_colour():
    picture = drawn("\x1b[32m" + "x" * 25 + "\x1b[0m\n", "--columns", "10")
    assert rows(picture) == ["x" * 10, "x" * 10, "x" * 5]
    assert {span.get("class") for span in picture.iter(f"{SVG}tspan")} == {"g"}


def test_a_part_by_its_first_and_last_line():
    assert rows(drawn("a\nb 1\nc\nd 2\ne\n", "--from", "b", "--to", "d")) == ["b 1", "c", "d 2"]


@pytest.mark.parametrize("path", sorted(DOCS.glob("images/*.svg")), ids=lambda path: path.name)
def test_pictures_of_the_pages(path):
    picture = ElementTree.parse(path).getroot()
    assert picture.get("aria-label")
    assert "prefers-color-scheme: dark" in picture.find(f"{SVG}style").text
    # No scripts, and nothing from elsewhere.
    assert not list(picture.iter(f"{SVG}script")) and "href" not in path.read_text()
