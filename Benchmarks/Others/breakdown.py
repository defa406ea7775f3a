#!/usr/bin/env python3
"""Prints what callgrind counted while pairs were judged, as a table: which part took how many instructions, and how often.

usage: breakdown.py CALLGRIND-FILE PAIRS
"""

import collections
import re
import sys

PARTS = [
    ("`ranks`", "ranks"),
    ("`sort`", "sort"),
    ("`list`", "list"),
    ("`count`", "count"),
    ("`moments`", "moments"),
    ("`gaps`", "gaps"),
    ("`copyWithoutNaN`", "copyWithoutNaN"),
    ("root finder and statistic", "$s7Judging11ShiftSearchV5shift"),
    ("what is known of shifts", "$s7Judging12ShiftedRanksV"),
    ("copying and filling memory", "__mem"),
]
SHIFT_ASKED_FOR = "$s7Judging12ShiftedRanksV6counts5shift"

names = {}
instructions = collections.Counter()
calls = collections.Counter()


def name(text):
    """Names are given once and referred to by number later."""
    number, given = re.match(r"\((\d+)\)(?: (.*))?$", text).groups()
    if given:
        names[number] = given
    return names[number]


function = called = None
is_call = False
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        if line.startswith("fn="):
            function = name(line[3:].rstrip())
        elif line.startswith("cfn="):
            called = name(line[4:].rstrip())
        elif line.startswith("calls="):
            calls[called] += int(line[6:].split()[0])
            is_call = True
        elif re.match(r"[-+*\d]", line):
            # The line after a call counts what was called, which is counted where it is.
            if not is_call:
                instructions[function] += int(line.split()[1])
            is_call = False

pairs = int(sys.argv[2])
total = sum(instructions.values())
print("| part | calls a pair | instructions a pair | share |")
print("| --- | ---: | ---: | ---: |")


def row(part, called, counted):
    times = f"{called / pairs:.1f}" if called else ""
    print(f"| {part} | {times} | {counted / pairs:,.0f} | {counted / total:.1%} |")


rest = total
for part, prefix in PARTS:
    is_kernel = part.startswith("`")
    found = [f for f in instructions if f == prefix or (not is_kernel and f.startswith(prefix))]
    counted = sum(instructions[f] for f in found)
    rest -= counted
    row(part, sum(calls[f] for f in found) if is_kernel else 0, counted)
row("the rest", 0, rest)
row("all", 0, total)
asked = sum(n for f, n in calls.items() if f.startswith(SHIFT_ASKED_FOR))
ranked, counted = calls["ranks"], calls["count"]
print(
    f"\nShifts a pair: {asked / pairs:.1f} asked for, {ranked / pairs:.1f} ranked, {counted / pairs:.1f} counted among"
    f" listed pairs, {(asked - ranked - counted) / pairs:.1f} known."
)
