"""What a process exports, read from the Prometheus text format."""

import re
from dataclasses import dataclass, field

SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:\\.|[^"\\])*)"')


@dataclass
class Family:
    name: str
    kind: str
    help: str
    # Of each series as it is asked for: name and labels without the value.
    series: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def families_of(text: str) -> dict[str, Family]:
    found: dict[str, Family] = {}
    current = None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name, help_text = line[7:].split(" ", 1)
            assert name not in found, f"{name} is exported twice"
            current = found[name] = Family(name, "", help_text)
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert current is not None and current.name == name
            current.kind = kind
        else:
            match = SAMPLE.match(line)
            assert match, line
            name, labels, _ = match.groups()
            assert current is not None and name.startswith(current.name), line
            current.series.setdefault(name, []).append(dict(LABEL.findall(labels or "")))
    return found


def labels(found: dict[str, Family]) -> dict[str, set[str]]:
    """The labels of every name that can be asked for."""
    return {
        name: {label for one in series for label in one}
        for family in found.values()
        for name, series in family.series.items()
    }
