#!/usr/bin/env python3
"""Prints as a table what callgrind counted while pairs were judged: how often each part was called, how many instructions
it took, and its share of all.

usage: breakdown.py PAIRS TITLE=CALLGRIND-FILE...
"""

import collections
import re
import sys

KERNELS = ["ranks", "sort", "list", "count", "moments", "gaps", "copyWithoutNaN"]
OTHERS = [
    ("root finder and statistic", "$s7Judging11ShiftSearchV5shift"),
    ("what is known of shifts", "$s7Judging12ShiftedRanksV"),
    ("copying and filling memory", "__mem"),
]
SHIFT_ASKED_FOR = "$s7Judging12ShiftedRanksV6counts5shift"


def read(path):
    """The instructions of every function without those of the functions that it calls, and its calls."""
    names = {}
    instructions, calls = collections.Counter(), collections.Counter()

    def name(text):
        # Names are given once and referred to by number later.
        number, given = re.match(r"\((\d+)\)(?: (.*))?$", text.rstrip()).groups()
        if given:
            names[number] = given
        return names[number]

    function = called = None
    is_call = False
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("fn="):
                function = name(line[3:])
            elif line.startswith("cfn="):
                called = name(line[4:])
            elif line.startswith("calls="):
                calls[called] += int(line[6:].split()[0])
                is_call = True
            elif re.match(r"[-+*\d]", line):
                # The line after a call repeats what the called function took.
                if not is_call:
                    instructions[function] += int(line.split()[1])
                is_call = False
    return instructions, calls


def cells(path, pairs):
    """For each part: calls, instructions and share, as text."""
    instructions, calls = read(path)
    total = sum(instructions.values())
    parts = [(f"`{k}`", f"{calls[k] / pairs:.1f}", instructions[k]) for k in KERNELS]
    parts += [(part, "", sum(n for f, n in instructions.items() if f.startswith(prefix))) for part, prefix in OTHERS]
    parts.append(("the rest", "", total - sum(n for _, _, n in parts)))
    parts.append(("all", "", total))
    asked = sum(n for f, n in calls.items() if f.startswith(SHIFT_ASKED_FOR))
    return [(part, [called, f"{n / pairs:,.0f}", f"{n / total:.1%}".replace("%", " %")]) for part, called, n in parts], (
        f"{asked / pairs:.1f} shifts asked for; {calls['ranks'] / pairs:.1f} ranked, {calls['count'] / pairs:.1f} counted"
        f" among listed pairs, {(asked - calls['ranks'] - calls['count']) / pairs:.1f} known"
    )


pairs = int(sys.argv[1])
columns, notes = [], []
header = ["part"]
for argument in sys.argv[2:]:
    title, path = argument.split("=", 1)
    header += [f"{title}: calls", "instructions", "share"]
    found, note = cells(path, pairs)
    columns.append(found)
    notes.append(f"- {title}: {note}")

table = [header] + [
    [rows[0][0]] + [cell for _, texts in rows for cell in texts] for rows in zip(*columns)
]
widths = [max(len(row[i]) for row in table) for i in range(len(header))]


def line(row):
    return "| " + " | ".join(c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths))) + " |"


print(line(header))
print("| " + " | ".join("-" * (w - 1) + ":" if i else "-" * w for i, w in enumerate(widths)) + " |")
for row in table[1:]:
    print(line(row))
print("\n" + "\n".join(notes))
