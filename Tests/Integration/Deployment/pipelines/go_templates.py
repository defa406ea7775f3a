"""Go templates, rendered by the engine and the functions (Sprig) that Argo's notifications use, out of Helm."""

import tempfile
from pathlib import Path

import helm_python


def render(template, values):
    """The text of a template whose `.` is `values`."""
    with tempfile.TemporaryDirectory() as directory:
        chart = Path(directory) / "chart"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: template\nversion: 0.0.0\n")
        (chart / "templates" / "text.txt").write_text("{{- with .Values }}" + template + "{{- end }}")
        with helm_python.Chart.load(chart) as loaded:
            return next(iter(loaded.render(values, name="x", namespace="x").values()))
