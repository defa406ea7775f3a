"""The chart as Helm renders it."""

import functools
from pathlib import Path

import helm_python as helm
import yaml

from repository import CHART

VALUE_FILES = sorted((CHART / "ci").glob("*-values.yaml"))
NAMES = [path.name.removesuffix("-values.yaml") for path in VALUE_FILES]


class Chart:
    """A chart directory that is loaded once."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._chart = helm.Chart.load(directory)

    def texts(self, values: dict | None = None, name: str = "assay", namespace: str = "canary") -> dict[str, str]:
        """The rendered text of each template, by its path in the chart."""
        texts = self._chart.render(values or {}, name=name, namespace=namespace)
        return {path.removeprefix("assay/templates/"): text for path, text in texts.items()}

    def notes(self, values: dict | None = None) -> str:
        return self.texts(values)["NOTES.txt"]

    def objects(self, values: dict | None = None, name: str = "assay", namespace: str = "canary") -> "Objects":
        texts = self.texts(values, name, namespace)
        return Objects(
            [
                document
                for path, text in texts.items()
                if path != "NOTES.txt"
                for document in yaml.load_all(text, Loader=UniqueKeys)
                if document
            ]
        )

    def validate(self, values: dict) -> None:
        """Throws `HelmValuesError` for values that the schema refuses."""
        self._chart.validate_schema(values)

    @property
    def values(self) -> dict:
        return self._chart.values

    @property
    def files(self) -> dict[str, str]:
        return {file["name"]: file["data"] for file in self._chart.files}


class Objects(list):
    def of(self, kind: str) -> list[dict]:
        return [document for document in self if document["kind"] == kind]

    def one(self, kind: str, name: str) -> dict:
        found = [document for document in self.of(kind) if document["metadata"]["name"] == name]
        assert len(found) == 1, f"{len(found)} objects {kind} {name}"
        return found[0]

    @property
    def pods(self) -> list[tuple[str, dict]]:
        """Every pod or pod template, with the kind and name of its object."""
        found = []
        for document in self:
            spec = document if document["kind"] == "Pod" else document.get("spec", {}).get("template")
            if isinstance(spec, dict) and "containers" in spec.get("spec", {}):
                found.append((f"{document['kind']} {document['metadata']['name']}", spec))
        return found

    @property
    def summary(self) -> list[str]:
        return sorted(f"{document['kind']} {document['metadata']['name']}" for document in self)


class UniqueKeys(yaml.CSafeLoader):
    """YAML in which a key that is there twice is an error, as it is for an API server that validates strictly."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        repeated = {key for key in keys if keys.count(key) > 1}
        assert not repeated, f"{sorted(repeated)} twice at {node.start_mark}"
        return super().construct_mapping(node, deep)


@functools.cache
def values_of(name: str) -> dict:
    return yaml.safe_load((CHART / "ci" / f"{name}-values.yaml").read_text())
