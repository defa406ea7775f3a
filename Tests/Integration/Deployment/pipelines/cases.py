"""Every executed example with every kind of release."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines import runners
from pipelines.quality_gate import quality_gate

# `down`: Assay cannot be reached.
VERSIONS = ["good", "bad", "gone", "down"]


@dataclass(frozen=True)
class Case:
    name: str
    version: str
    runner: Callable

    @property
    def id(self):
        return f"{self.name}-{self.version}"

    def run(self, bench):
        return self.runner(bench, self.version)


def curl(bench, version):
    environment = {"WAIT_SECONDS": "30"}
    return runners.script(bench, "curl/release.sh", ["checkout", f"production-{bench.suffix}", version, bench.suffix], environment)


def deployment(bench, version):
    return runners.script(bench, "deployment/release.sh", [version])


def overtaken(bench, version):
    """Another pipeline releases while the verdict is waited for."""
    return runners.script(bench, "deployment/release.sh", [version], {"OVERTAKEN": "yes"})


CANARIES = {
    "github": runners.github,
    "gitlab": runners.gitlab,
    "circleci": runners.circleci,
    "jenkins": runners.jenkins,
    "tekton": runners.tekton,
    "quality-gate": quality_gate("OK"),
}
SCRIPTS = {"curl": curl, "deployment": deployment}
GATES = {"gate-red": quality_gate("ERROR"), "gate-none": quality_gate("NONE"), "gate-down": quality_gate(None)}

ALL = (
    [Case(name, version, runner) for name, runner in {**CANARIES, **SCRIPTS}.items() for version in VERSIONS]
    + [Case(name, "good", runner) for name, runner in GATES.items()]
    + [Case("overtaken", "bad", overtaken)]
)
