"""What the CI systems do with the examples: the scripts of each, run in order, with what they hand on."""

import re
import subprocess
from dataclasses import dataclass, field

import yaml

from pipelines.stack import ASSAY, TOKEN
from repository import EXAMPLES

PIPELINES = EXAMPLES / "pipelines"

PROMOTE = 'set image deployment/checkout checkout=registry.example.com/checkout:{}'
CANARY = 'set image deployment/checkout-canary checkout=registry.example.com/checkout:{}'
UNDO = "rollout undo deployment/checkout-canary"

# Answers what the examples ask, and keeps what they do.
KUBECTL = """#!/bin/sh
echo "$*" >> "$CALLS"
case $* in
    *metadata.uid*) printf 0000-1111 ;;
    *metadata.generation*)
        # One that is overtaken has another generation each time that it is looked at.
        if [ -n "${OVERTAKEN:-}" ]; then wc -l < "$CALLS"; else echo 7; fi ;;
esac
"""


@dataclass
class Outcome:
    """How a pipeline ended: `success`, `failure` or `warning`."""

    status: str = "success"
    calls: list = field(default_factory=list)
    output: str = ""
    verdict: str | None = None


class Bench:
    """A folder with `assay` and a kubectl on PATH, and the last words of an example's environment name."""

    def __init__(self, directory, url, suffix):
        self.directory = directory
        self.suffix = suffix
        binaries = directory / "bin"
        binaries.mkdir(parents=True)
        (binaries / "assay").symlink_to(ASSAY)
        (directory / "kubectl").write_text(KUBECTL)
        subprocess.run(["install", "-m", "755", directory / "kubectl", binaries / "kubectl"], check=True)
        self.work = directory / "work"
        self.work.mkdir()
        self.calls_file = directory / "calls"
        self.environment = {
            "PATH": f"{binaries}:/usr/bin:/bin",
            "HOME": str(directory),
            "CALLS": str(self.calls_file),
            "ASSAY_URL": url,
            "ASSAY_TOKEN": TOKEN,
        }
        self.output = ""

    def text(self, name):
        """An example. Each run has an environment of its own: in one, only one release is judged at a time."""
        return (PIPELINES / name).read_text().replace("production", f"production-{self.suffix}")

    def run(self, shell, script, environment=None):
        """The exit code of a script."""
        done = subprocess.run(
            [*shell, script],
            cwd=self.work,
            env={**self.environment, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=180,
        )
        self.output += f"$ {script}\n{done.stdout.decode()}({done.returncode})\n"
        return done.returncode

    def outcome(self, status, verdict=None):
        calls = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        return Outcome(status, calls, self.output, verdict)


def github(bench, version):
    """Jobs in order; one whose predecessor failed, or whose `if` does not hold, is skipped."""
    text = re.sub(r"production-\S+?\]", "production]", bench.text("github/release.yaml"))
    workflow = yaml.safe_load(text)
    known = {
        "inputs.version": version,
        "vars.ASSAY_URL": bench.environment["ASSAY_URL"],
        "secrets.ASSAY_TOKEN": TOKEN,
        "github.run_id": bench.suffix,
        "github.run_attempt": "1",
    }

    def filled(value):
        return re.sub(r"\$\{\{ *(\S+) *\}\}", lambda match: known[match[1]], str(value))

    files = {name: bench.directory / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    files["GITHUB_STEP_SUMMARY"].write_text("")
    results = {}
    for name, job in workflow["jobs"].items():
        needed = job.get("needs")
        if needed and results[needed] != "success":
            results[name] = "skipped"
            continue
        if "if" in job:
            condition = re.sub(r"needs\.\w+\.outputs\.\w+", lambda match: repr(known[match[0]]), job["if"])
            if not eval(condition.replace("&&", " and ").replace("||", " or ")):
                results[name] = "skipped"
                continue
        environment = {key: filled(value) for key, value in {**workflow["env"], **job.get("env", {})}.items()}
        results[name] = "success"
        for step in job["steps"]:
            files["GITHUB_OUTPUT"].write_text("")
            assert "${{" not in step["run"], "expressions in scripts are how attackers run theirs"
            # In a container the shell is sh, elsewhere bash.
            shell = ["sh", "-ec"] if "container" in job else ["bash", "-ec"]
            code = bench.run(shell, step["run"], {**environment, **{key: str(file) for key, file in files.items()}})
            for line in files["GITHUB_OUTPUT"].read_text().splitlines():
                key, value = line.split("=", 1)
                known[f"steps.{step['id']}.outputs.{key}"] = value
            if code:
                results[name] = "failure"
                break
        for key, value in job.get("outputs", {}).items():
            known[f"needs.{name}.outputs.{key}"] = filled(value) if results[name] == "success" else ""
    status = "failure" if "failure" in results.values() else "success"
    outcome = bench.outcome(status, known.get("needs.judge.outputs.verdict"))
    outcome.output += files["GITHUB_STEP_SUMMARY"].read_text()
    return outcome


def gitlab(bench, version):
    """Stages in order; a dotenv report becomes variables of the jobs that need it."""
    pipeline = yaml.safe_load(bench.text("gitlab/.gitlab-ci.yml"))
    variables = {"CI_COMMIT_TAG": version, "CI_JOB_ID": bench.suffix}

    def expanded(value):
        return re.sub(r"\$(\w+)", lambda match: variables.get(match[1], match[0]), str(value))

    for stage in pipeline["stages"]:
        for job in [job for name, job in pipeline.items() if isinstance(job, dict) and job.get("stage") == stage]:
            for key, value in {**pipeline["variables"], **job.get("variables", {})}.items():
                variables[key] = expanded(value)
            code = bench.run(["bash", "-eo", "pipefail", "-c"], "\n".join(job["script"]), variables)
            report = job.get("artifacts", {}).get("reports", {}).get("dotenv")
            if report and (bench.work / report).exists():
                variables.update(line.split("=", 1) for line in (bench.work / report).read_text().splitlines())
            if code:
                allowed = job.get("allow_failure", {}).get("exit_codes")
                status = "warning" if code == allowed else "failure"
                return bench.outcome(status, variables.get("VERDICT"))
    return bench.outcome("success", variables["VERDICT"])


def circleci(bench, version):
    """Jobs as the workflow orders them, in one workspace."""
    config = yaml.safe_load(bench.text("circleci/config.yml"))
    environment = {"CIRCLE_TAG": version, "CIRCLE_WORKFLOW_JOB_ID": bench.suffix}
    order = [name if isinstance(name, str) else next(iter(name)) for name in config["workflows"]["release"]["jobs"]]
    for name in order:
        for step in config["jobs"][name]["steps"]:
            command = step.get("run")
            if command is None:
                continue
            command = command if isinstance(command, str) else command["command"]
            if bench.run(["bash", "-eo", "pipefail", "-c"], command, environment):
                return bench.outcome("failure")
    return bench.outcome("success", (bench.work / "judged/verdict").read_text().strip())


def jenkins(bench, version):
    """The stages of the Jenkinsfile; `when`, `sh`, `error` and `unstable` as the plug-ins have them."""
    text = bench.text("jenkins/Jenkinsfile")
    environment = {"VERSION": version, "BUILD_TAG": f"jenkins-release-{bench.suffix}", "VERDICT": ""}
    stages = re.split(r"^ {8}stage\('(.+)'\) \{$", text, flags=re.M)[1:]
    status = "success"
    for body in stages[1::2]:
        when = re.search(r"when \{ environment name: '(\w+)', value: '(\w+)' \}", body)
        if when and environment[when[1]] != when[2]:
            continue
        for kind, long, short in re.findall(
            r"(returnStatus: true, script: |sh )(?:'''(.*?)'''|'([^'\n]*)')", body, flags=re.S
        ):
            code = bench.run(["sh", "-xec"], long or short, environment)
            if kind.startswith("returnStatus"):
                assert "env.VERDICT = [0: 'pass', 1: 'fail'].get(code, 'none')" in body
                environment["VERDICT"] = {0: "pass", 1: "fail"}.get(code, "none")
            elif code:
                return bench.outcome("failure", environment["VERDICT"])
        if "error(" in body:
            return bench.outcome("failure", environment["VERDICT"])
        if "unstable(" in body:
            status = "warning"
    return bench.outcome(status, environment["VERDICT"])


def tekton(bench, version):
    """The tasks of the pipeline, each with its parameters and its `when`."""
    documents = list(yaml.safe_load_all(bench.text("tekton/task.yaml")))
    documents += yaml.safe_load_all(bench.text("tekton/pipeline.yaml"))
    tasks = {document["metadata"]["name"]: document for document in documents if document["kind"] == "Task"}
    pipeline = next(document for document in documents if document["kind"] == "Pipeline")
    known = {"params.version": version}

    def filled(text, names):
        return re.sub(r"\$\(([\w.]+)\)", lambda match: names[match[1]], str(text))

    for reference in pipeline["spec"]["tasks"]:
        if not all(filled(when["input"], known) in when["values"] for when in reference.get("when", [])):
            continue
        task = tasks[reference["taskRef"]["name"]]["spec"]
        names = {f"params.{param['name']}": param.get("default", "") for param in task["params"]}
        names |= {f"params.{param['name']}": filled(param["value"], known) for param in reference["params"]}
        names["context.taskRun.uid"] = f"uid-{reference['name']}-{bench.suffix}"
        for result in task.get("results", []):
            names[f"results.{result['name']}.path"] = str(bench.directory / result["name"])
        if "params.url" in names:
            names["params.url"] = bench.environment["ASSAY_URL"]
        for step in task["steps"]:
            # Those from Secrets are in the bench's own environment.
            environment = {pair["name"]: filled(pair["value"], names) for pair in step["env"] if "value" in pair}
            if bench.run(["sh", "-c"], filled(step["script"], names), environment):
                return bench.outcome("failure", known.get("tasks.judge.results.verdict"))
        for result in task.get("results", []):
            value = (bench.directory / result["name"]).read_text()
            known[f"tasks.{reference['name']}.results.{result['name']}"] = value
    return bench.outcome("success", known["tasks.judge.results.verdict"])


def script(bench, name, arguments, environment=None):
    """A shell script of its own; its exit code is its verdict."""
    path = bench.directory / "script.sh"
    path.write_text(bench.text(name))
    words = " ".join(f"'{word}'" for word in arguments)
    code = bench.run(["sh", "-c"], f"exec sh {path} {words}", environment)
    return bench.outcome({0: "success", 1: "failure"}.get(code, "warning"), str(code))
