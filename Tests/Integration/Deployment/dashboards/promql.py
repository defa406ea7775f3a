"""Which metrics and labels a PromQL expression uses. Whether it is PromQL at all is for Prometheus itself to say."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
      | (?P<range>\[[^\]]*\])
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[smhdwy]*)
      | (?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
      | (?P<operator>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},])""",
    re.VERBOSE,
)
OPERATORS = {"and", "or", "unless", "bool", "offset", "inf", "nan", "start", "end"}
AGGREGATIONS = {"by", "without"}
MATCHINGS = {"on", "ignoring", "group_left", "group_right"}


@dataclass
class Usage:
    """Metrics with the labels that their matchers name, and groups of labels with the metrics that must have them."""

    metrics: dict[str, set[str]] = field(default_factory=dict)
    grouped: list[tuple[set[str], set[str]]] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return set(self.metrics)


def usage(expression: str) -> Usage:
    tokens = list(lex(expression))
    result = Usage()
    places: list[tuple[int, str]] = []
    groups: list[tuple[int, set[str]]] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        following = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        if kind == "name" and text in AGGREGATIONS | MATCHINGS:
            labels, end = parenthesised(tokens, position + 1) if following == "(" else (set(), position + 1)
            # What is left out need not be there.
            if text not in ("without", "ignoring"):
                groups.append((position, labels))
            position = end
        elif kind == "name" and text.lower() not in OPERATORS and following not in ("(", *AGGREGATIONS):
            result.metrics.setdefault(text, set())
            places.append((position, text))
            position += 1
            if following == "{":
                labels, position = matchers(tokens, position)
                result.metrics[text] |= labels
        else:
            position += 1
    for position, labels in groups:
        if tokens[position][1] == "by":
            first, last = aggregated(tokens, position)
            inside = {name for place, name in places if first < place < last}
        else:
            inside = {name for _, name in places}
        result.grouped.append((labels, inside))
    return result


def lex(expression: str):
    position = 0
    while position < len(expression):
        match = TOKEN.match(expression, position)
        if match is None:
            raise ValueError(f"not PromQL at {position}: {expression[position:position + 20]!r} in {expression}")
        position = match.end()
        if match.lastgroup != "space":
            yield match.lastgroup, match.group()


def parenthesised(tokens, start: int) -> tuple[set[str], int]:
    end = closing(tokens, start)
    return {text for kind, text in tokens[start:end] if kind == "name"}, end + 1


def matchers(tokens, start: int) -> tuple[set[str], int]:
    labels, position = set(), start + 1
    while tokens[position][1] != "}":
        kind, text = tokens[position]
        if kind == "name" and tokens[position + 1][1] in ("=", "!=", "=~", "!~"):
            labels.add(text)
        position += 1
    return labels, position + 1


def aggregated(tokens, by: int) -> tuple[int, int]:
    """The parenthesis that `by (…)` is about: behind it, or before it."""
    after = closing(tokens, by + 1) + 1
    if after < len(tokens) and tokens[after][1] == "(":
        return after, closing(tokens, after)
    depth = 0
    for start in range(by - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[start][1], 0)
        if depth == 0:
            return start, by
    raise ValueError("nothing is aggregated")


def closing(tokens, opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[position][1], 0)
        if depth == 0:
            return position
    raise ValueError("a parenthesis is not closed")
