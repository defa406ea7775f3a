"""The dashboards as they are shipped."""

import json
import re
from pathlib import Path

from repository import DASHBOARDS

FILES = sorted(DASHBOARDS.glob("*.json"))
GRAFANA = {"type": "grafana", "uid": "-- Grafana --"}
PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
POSTGRES = {"type": "grafana-postgresql-datasource", "uid": "${store}"}


def load(path: Path) -> dict:
    return json.loads(path.read_text())


def panels(board: dict) -> list[dict]:
    """Every panel, rows and those in collapsed rows too."""
    return [inner for panel in board["panels"] for inner in [panel, *panel.get("panels", [])]]


def expressions(board: dict) -> list[tuple[str, str, str]]:
    """Title, expression and legend of every query to Prometheus."""
    return [
        (panel["title"], target["expr"], target["legendFormat"])
        for panel in panels(board)
        for target in panel.get("targets", [])
        if target["datasource"] == PROMETHEUS
    ]


def with_values(text: str, values: dict[str, str]) -> str:
    """Puts values for variables, as Grafana does."""

    def value(match: re.Match) -> str:
        name = match["braced"] or match["plain"]
        quoted = values[name]
        return "'" + quoted.replace("'", "''") + "'" if match["format"] == "sqlstring" else quoted

    return re.sub(r"\$(?:\{(?P<braced>\w+)(?::(?P<format>\w+))?\}|(?P<plain>\w+))", value, text)
