"""What is generated of the chart: the table of values in its README, and the schema of `settings`.

python -m chart.reference --write path/to/assay
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field

import yaml

from chart import settings_schema
from repository import CHART, ROOT

VALUES = CHART / "values.yaml"
SCHEMA = CHART / "values.schema.json"
README = CHART / "README.md"
BEGIN = "<!-- What follows is made from values.yaml. -->\n"


@dataclass
class Value:
    """A key of values.yaml."""

    path: str
    comment: str
    value: object
    children: list["Value"] = field(default_factory=list)

    @property
    def is_section(self) -> bool:
        """Its keys have comments of their own."""
        return any(child.comment or child.is_section for child in self.children)

    @property
    def undocumented(self) -> list[str]:
        if not self.is_section:
            return [] if self.comment else [self.path]
        return [path for child in self.children for path in child.undocumented]

    @property
    def rows(self) -> list[str]:
        if not self.is_section:
            return [f"| `{self.path}` | `{brief(self.value)}` | {self.comment.replace('|', chr(92) + '|')} |"]
        own = [f"| `{self.path}` | | {self.comment} |"] if self.comment else []
        return own + [row for child in self.children for row in child.rows]


def brief(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def documented_values() -> list[Value]:
    """The keys of values.yaml with the comments that stand right above them."""
    text = VALUES.read_text()
    lines = text.splitlines()

    def comment_above(line: int, indent: int) -> str:
        parts = []
        while (
            line > 0
            and re.match(rf" {{{indent}}}# ", lines[line - 1])
            and "yaml-language-server" not in lines[line - 1]
        ):
            line -= 1
            parts.insert(0, lines[line].strip().removeprefix("# "))
        return " ".join(parts)

    def read(node, values, prefix: str) -> list[Value]:
        found = []
        for key, child in node.value:
            path = prefix + key.value
            mark = key.start_mark
            is_block = isinstance(node, yaml.MappingNode) and not node.flow_style
            value = Value(path, comment_above(mark.line, mark.column) if is_block else "", values[key.value])
            if isinstance(child, yaml.MappingNode) and not child.flow_style:
                value.children = read(child, values[key.value], path + ".")
            found.append(value)
        return found

    return read(yaml.compose(text), yaml.safe_load(text), "")


def table() -> str:
    rows = [row for value in documented_values() for row in value.rows]
    return "\n".join(["| value | default | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def readme() -> str:
    """The README with the table as it should be."""
    return README.read_text().partition(BEGIN)[0] + BEGIN + "\n" + table()


def main() -> None:
    if sys.argv[1:2] != ["--write"]:
        raise SystemExit(__doc__)
    README.write_text(readme())
    program = sys.argv[2] if len(sys.argv) > 2 else ROOT / ".build" / "debug" / "assay"
    reference = subprocess.run([program, "settings"], check=True, capture_output=True, text=True).stdout
    schema = json.loads(SCHEMA.read_text())
    schema["definitions"]["settings"] = settings_schema.schema(settings_schema.catalog(reference))
    SCHEMA.write_text(settings_schema.formatted(schema) + "\n")


if __name__ == "__main__":
    main()
