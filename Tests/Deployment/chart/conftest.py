import shutil
import subprocess

import pytest

from chart.rendering import Chart
from chart.running import PROGRAM
from repository import CHART, DASHBOARDS

SAMPLE_ALERTS = """
groups:
  - name: assay
    interval: 30s
    rules:
      - alert: AssayDown
        expr: up{job="assay"} == 0
        for: 5m
        labels: {severity: critical}
        annotations:
          summary: "{{ $labels.instance }} of {{ $labels.job }} is down."
          runbook_url: docs/runbooks/AssayDown.md
      - record: assay:looks:rate5m
        expr: sum(rate(assay_looks_total[5m]))
"""


@pytest.fixture(scope="session")
def chart(tmp_path_factory) -> Chart:
    """The chart; with samples where the repository has no dashboards."""
    if DASHBOARDS.is_dir():
        return Chart(CHART)
    copy = tmp_path_factory.mktemp("chart") / "assay"
    shutil.copytree(CHART, copy, symlinks=True)
    dashboards = copy / "files" / "dashboards"
    dashboards.mkdir(parents=True)
    (dashboards / "alerts.yaml").write_text(SAMPLE_ALERTS)
    (dashboards / "assay-releases.json").write_text('{"uid": "assay-releases", "title": "{{application}}"}\n')
    return Chart(copy)


@pytest.fixture(scope="session")
def assay():
    """Runs the built program and returns what it prints."""

    def run(*arguments: str) -> str:
        return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True, timeout=30).stdout

    return run
