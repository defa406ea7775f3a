"""Where things lie in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CHART = ROOT / "helm" / "assay"
DASHBOARDS = ROOT / "dashboards"
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
