"""The examples, run: what they do about a release that passes, fails, has no data, and when Assay is away."""

import pytest

from pipelines import cases
from pipelines.runners import CANARY, PROMOTE, UNDO

# How each system shows that a person has to decide.
UNDECIDED = {
    "github": "failure",
    "gitlab": "warning",
    "circleci": "failure",
    "jenkins": "warning",
    "tekton": "success",
    "quality-gate": "warning",
}
# Where the step that tells Assay fails, so does the pipeline.
UNREACHABLE = UNDECIDED | {"gitlab": "failure"}


@pytest.mark.parametrize("name", cases.CANARIES)
def test_a_good_canary_is_promoted(outcomes, name):
    outcome = outcomes[f"{name}-good"].result()
    assert outcome.status == "success", outcome.output
    assert outcome.calls[0] == CANARY.format("good")
    assert outcome.calls[-1] == PROMOTE.format("good"), outcome.output
    assert UNDO not in outcome.calls


@pytest.mark.parametrize("name", cases.CANARIES)
def test_a_bad_canary_is_taken_back(outcomes, name):
    outcome = outcomes[f"{name}-bad"].result()
    assert outcome.status == "failure", outcome.output
    assert outcome.calls[0] == CANARY.format("bad")
    assert outcome.calls[-1] == UNDO, outcome.output
    assert PROMOTE.format("bad") not in outcome.calls


@pytest.mark.parametrize("name", cases.CANARIES)
@pytest.mark.parametrize("version", ["gone", "down"])
def test_without_an_answer_nothing_is_touched(outcomes, name, version):
    outcome = outcomes[f"{name}-{version}"].result()
    assert outcome.status == (UNDECIDED if version == "gone" else UNREACHABLE)[name], outcome.output
    assert [call for call in outcome.calls if not call.startswith(("set image deployment/checkout-canary", "rollout status"))] == []
    assert "inconclusive" in outcome.output.lower() if version == "gone" else "assay: " in outcome.output, outcome.output


def test_the_summary_of_the_run_shows_the_verdict(outcomes):
    assert "### checkout bad in production-github-bad: fail" in outcomes["github-bad"].result().output


@pytest.mark.parametrize(("version", "code"), [("good", "0"), ("bad", "1"), ("gone", "2"), ("down", "3")])
def test_curl_has_the_exit_codes_of_wait(outcomes, version, code):
    outcome = outcomes[f"curl-{version}"].result()
    assert outcome.verdict == code, outcome.output


@pytest.mark.parametrize(("version", "code"), [("good", "0"), ("bad", "1"), ("gone", "2"), ("down", "3")])
def test_a_deployment_is_taken_back_only_when_it_is_worse(outcomes, version, code):
    outcome = outcomes[f"deployment-{version}"].result()
    assert outcome.verdict == code, outcome.output
    assert ("rollout undo deployment/checkout" in outcome.calls) == (version == "bad"), outcome.output


def test_a_newer_deployment_is_not_taken_back(outcomes):
    outcome = outcomes["overtaken-bad"].result()
    assert outcome.verdict == "1", outcome.output
    assert "rollout undo deployment/checkout" not in outcome.calls, outcome.output


@pytest.mark.parametrize(("gate", "code"), [("gate-red", "1"), ("gate-none", "2"), ("gate-down", "3")])
def test_what_the_quality_gate_does_not_let_pass_is_not_released(outcomes, gate, code):
    outcome = outcomes[f"{gate}-good"].result()
    assert outcome.verdict == code, outcome.output
    assert outcome.calls == []
    assert "event " not in outcome.output
