import subprocess

import pytest

from chart.rendering import Chart
from chart.running import PROGRAM
from repository import CHART


@pytest.fixture(scope="session")
def chart() -> Chart:
    return Chart(CHART)


@pytest.fixture(scope="session")
def assay():
    """Runs the built program and returns what it prints."""

    def run(*arguments: str) -> str:
        return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout

    return run
