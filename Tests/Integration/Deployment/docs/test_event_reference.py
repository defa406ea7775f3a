"""docs/reference/events.md holds what scripts/event-reference prints."""

import subprocess

from repository import DOCS, ROOT


def test_page_is_current():
    printed = subprocess.run([ROOT / "scripts" / "event-reference"], capture_output=True, text=True, check=True).stdout
    assert printed in (DOCS / "reference" / "events.md").read_text()


def test_every_member_has_a_meaning():
    printed = subprocess.run([ROOT / "scripts" / "event-reference"], capture_output=True, text=True, check=True).stdout
    assert [line for line in printed.splitlines() if line.endswith("|  |")] == []
