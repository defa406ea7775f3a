"""Reads a Containerfile into its instructions, as far as ours goes."""

import json
import re
from dataclasses import dataclass, field


@dataclass
class Instruction:
    name: str
    text: str

    @property
    def flags(self):
        """`--name=value` before the rest."""
        return dict(re.findall(r"(?:^|\s)--([a-z-]+)=(\S+)", self.text))

    @property
    def rest(self):
        return re.sub(r"(?:^|(?<=\s))--[a-z-]+=\S+\s*", "", self.text).strip()

    @property
    def words(self):
        """The exec form; None when it is not that."""
        try:
            words = json.loads(self.rest)
        except ValueError:
            return None
        return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None


@dataclass
class Stage:
    base: str
    name: str | None
    instructions: list = field(default_factory=list)

    def all(self, name):
        return [instruction for instruction in self.instructions if instruction.name == name]


def read(text):
    """The arguments before the first stage, and the stages."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    arguments, stages = {}, []
    for line in joined.splitlines():
        name, _, rest = line.strip().partition(" ")
        if name == "FROM":
            base, _, alias = rest.partition(" AS ")
            stages.append(Stage(base, alias or None))
        elif not stages:
            assert name == "ARG", line
            key, _, value = rest.partition("=")
            arguments[key] = value
        else:
            stages[-1].instructions.append(Instruction(name, rest))
    return arguments, stages
