"""docs/security.md: each "cannot" names a test that there is, and so does each limit, or it says that it has none."""

import re
from pathlib import Path

import pytest

from repository import DOCS, ROOT

TESTS = ROOT / "Tests"
CORPUS = TESTS / "Fuzzing" / "Corpus"
ROLES = "Who can do what"
DECLARATION = re.compile(
    r"^[ \t]*(?:@Suite(?:\(.*\))? )?(?:(?:package|private|final) )*(?:struct|class|actor|enum|extension) (\w+)",
    re.MULTILINE,
)
NAME = re.compile(r"`([^`]+)`")


class Suites:
    """What the sources of the tests declare: the text of each type, with all of its extensions."""

    def __init__(self, sources):
        self.texts = {}
        for source in sources:
            declared = [found for found in DECLARATION.finditer(source) if found[1].endswith("Tests")]
            for found, following in zip(declared, declared[1:] + [None]):
                text = source[found.start() : following.start() if following else len(source)]
                self.texts[found[1]] = self.texts.get(found[1], "") + text

    def problem(self, name):
        """Why a name is that of no test; none where there is one."""
        if "::" in name:
            file, function = name.split("::", 1)
            files = [path for path in TESTS.rglob("test_*.py") if path.name == file]
            if len(files) != 1:
                return f"{name}: {len(files)} files are called {file}"
            return None if re.search(rf"^def {function}\(", files[0].read_text(), re.MULTILINE) else f"{name}: no such function"
        if re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
            return None if (CORPUS / name).is_dir() else f"{name}: no such target of the fuzzer"
        suite, _, function = name.partition(".")
        text = self.texts.get(suite)
        if text is None or "@Test" not in text:
            return f"{name}: no such suite"
        if function and not re.search(rf"@Test(?:(?!\bfunc )[^`])*\bfunc {function}\(", text):
            return f"{name}: no such test in the suite"
        return None


def tables(page):
    """Each table with its section and heading: the names of its columns, and its rows with their lines."""
    heading = section = ""
    found, rows = [], None
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("#"):
            heading = line.lstrip("# ")
            section = heading if line.startswith("## ") else section
        if not line.startswith("|"):
            rows = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if rows is None:
            rows = []
            found.append((section, heading, cells, rows))
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            rows.append((number, cells))
    return found


def problems(page, suites):
    found = []
    for section, heading, columns, rows in tables(page):
        if columns[0] == "cannot":
            if columns[-1] != "shown by":
                found.append(f"{heading}: the last column is not called “shown by”")
            may_have_none = False
        elif section == "Limits":
            may_have_none = True
        else:
            continue
        for number, cells in rows:
            names = NAME.findall(cells[-1])
            if not names and not (may_have_none and "by no test" in cells[-1]):
                found.append(f"line {number}: names no test: {cells[0]}")
            found += [f"line {number}: {problem}" for problem in map(suites.problem, names) if problem]
    return found


@pytest.fixture(scope="session")
def suites():
    return Suites(path.read_text() for path in sorted(TESTS.rglob("*.swift")) if ".build" not in path.parts)


@pytest.fixture(scope="session")
def page():
    return (DOCS / "security.md").read_text()


def test_everything_that_is_said_has_its_test(page, suites):
    found = problems(page, suites)
    assert not found, "\n".join(found)


def test_each_role_has_what_it_cannot_do(page):
    roles = re.search(rf"^## {ROLES}$(.*?)^## ", page, re.MULTILINE | re.DOTALL)[1]
    headings = re.findall(r"^### (.*)$", roles, re.MULTILINE)
    assert len(headings) >= 12
    told = {heading for section, heading, columns, _ in tables(page) if section == ROLES and columns[0] == "cannot"}
    assert told == set(headings)


# The table of metrics is what the program prints, which a test of the program holds it to.
def test_no_metric_has_a_label_that_names_a_release():
    rows = re.findall(r"^\| `(assay_\w+)` \| \w+ \|([^|]*)\|", (DOCS / "operating.md").read_text(), re.MULTILINE)
    assert len(rows) > 50
    telling = {"application", "cluster", "environment", "id", "namespace", "plan", "revision", "session", "source", "workload"}
    assert {name: labels for name, labels in rows if telling & set(NAME.findall(labels))} == {}


SOURCE = """
@Suite struct OpenTests {
    @Test(arguments: [1, 2])
    func opens(number: Int) {}
    func helps() {}
}
extension EndToEndTests {
    @Suite("Closing") struct ClosingTests {
        @Test("It closes") func closes() async throws {}
    }
}
extension OpenTests { @Test func isOpen() {} }
struct EmptyTests {}
"""


def said(name, cannot="open"):
    return f"## {ROLES}\n### A caller\n| cannot | shown by |\n| --- | --- |\n| {cannot} | {name} |\n"


@pytest.mark.parametrize("name", ["`OpenTests`", "`OpenTests.opens`", "`OpenTests.isOpen`, `ClosingTests.closes`", "`plan`"])
def test_a_test_that_there_is_is_found(name):
    assert problems(said(name), Suites([SOURCE])) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "by no test",
        "`OtherTests`",
        "`EmptyTests`",
        "`OpenTests.helps`",
        "`OpenTests.closes`",
        "`ClosingTests.closes`, `OpenTests.shuts`",
        "`no-target`",
        "`test_none.py::test_x`",
        f"`{Path(__file__).name}::test_x`",
    ],
)
def test_one_that_there_is_not_is_told(name):
    assert len(problems(said(name), Suites([SOURCE]))) == 1


def test_a_limit_without_a_test_says_so():
    limits = "## Limits\n| input | limit | at it |\n| --- | --- | --- |\n| a | 1 | by no test |\n| b | 2 | - |\n"
    assert problems(limits, Suites([])) == ["line 5: names no test: b"]
