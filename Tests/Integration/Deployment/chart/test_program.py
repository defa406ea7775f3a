"""The program runs with what the chart renders: no setting is unknown, no secret is lost on the way."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from chart.rendering import NAMES, values_of
from chart.running import PROGRAM, Container, status

# Secrets that are no settings of the program: libpq reads them.
LIBPQ = {"PGSSLROOTCERT", "PGSSLMODE", "PGSSLCERT", "PGSSLKEY"}


@pytest.mark.parametrize("name", [None, *NAMES])
def test_every_deployment_starts(chart, tmp_path, name):
    """Settings and plans are read and checked before the line `starting`; back ends are not needed for that."""
    objects = chart.objects(values_of(name) if name else {})
    for deployment in objects.of("Deployment"):
        pod = deployment["spec"]["template"]
        container = Container(PROGRAM, tmp_path / deployment["metadata"]["name"], objects, pod)
        container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "web.probesPort": "0"})
        if pod["spec"]["automountServiceAccountToken"]:
            # There is no cluster, and so no token, to be found where a pod has it.
            container.environment |= {"ASSAY_KUBERNETES_URL": "https://127.0.0.1:1", "ASSAY_KUBERNETES_TOKEN": "token"}
        with container.start() as process:
            starting = process.line("starting")
            roles = re.findall(r"--roles=(.*)", " ".join(map(str, container.command)))
            for role in roles[0].split()[0].split(",") if roles else []:
                assert role in starting
            unknown = [line for line in process.log if "unknown" in line.lower()]
            assert unknown == []


def test_every_variable_is_a_setting(chart, assay):
    """A misspelled variable would not be noticed by the program: it ignores what it does not know."""
    table = re.findall(r"variable: ([A-Z_]+)", (chart.directory / "templates" / "_secrets.tpl").read_text())
    reference = assay("settings")
    known = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", reference)) | LIBPQ
    properties = {variable for variable in table if variable not in known}
    # The rest goes to librdkafka; `test_secrets_reach_kafka` shows that it takes them.
    assert properties == {variable for variable in KAFKA_PROPERTIES if variable in table}
    assert len(table) == len(chart.values["secrets"])


KAFKA_PROPERTIES = {
    "ASSAY_KAFKA_SASL_USERNAME": "sasl.username",
    "ASSAY_KAFKA_SSL_CA_LOCATION": "ssl.ca.location",
    "ASSAY_KAFKA_SSL_CERTIFICATE_LOCATION": "ssl.certificate.location",
    "ASSAY_KAFKA_SSL_KEY_LOCATION": "ssl.key.location",
    "ASSAY_KAFKA_SSL_KEY_PASSWORD": "ssl.key.password",
}


def test_secrets_reach_kafka(chart, tmp_path):
    secrets = ["kafkaSaslUsername", "kafkaSaslPassword", "kafkaCa", "kafkaCertificate", "kafkaKey", "kafkaKeyPassword"]
    values = {
        "settings": {"kafka": {"brokers": ["127.0.0.1:1"]}},
        "secrets": {secret: {"value": f"inline-{secret}"} for secret in secrets},
    }
    objects = chart.objects(values)
    container = Container(PROGRAM, tmp_path, objects, objects.one("Deployment", "assay")["spec"]["template"])
    container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "web.probesPort": "0"})
    with container.start() as process:
        starting = process.line("starting")
        for name in KAFKA_PROPERTIES.values():
            assert f"{name}=" in starting
        assert "inline-" not in "".join(process.log).replace("sasl.username=inline-kafkaSaslUsername", "")


def test_one_process_becomes_ready_and_stops(chart, assay, tmp_path):
    """The values of the laptop with every secret that a process without Kafka and Postgres reads."""
    values = {
        **values_of("laptop"),
        "settings": {
            "prometheus": {"url": "http://127.0.0.1:1"},
            "grafana": {"url": "http://127.0.0.1:1"},
            "webhook": {"url": "http://127.0.0.1:1"},
            "shutdown": {"delay": "0s", "grace": "20s"},
        },
        "secrets": {
            "prometheusBearerToken": {"value": "inline-prometheus"},
            "prometheusHeaders": {"value": "X-Scope-OrgID: inline-tenant"},
            "grafanaToken": {"value": "inline-grafana"},
            "webhookBearerToken": {"value": "inline-webhook"},
            "webToken": {"value": "inline-web-token"},
        },
    }
    objects = chart.objects(values)
    pod = objects.one("Deployment", "assay")["spec"]["template"]
    container = Container(PROGRAM, tmp_path, objects, pod)
    container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "web.probesPort": "0"})
    probes = {
        kind: pod["spec"]["containers"][0][kind]["httpGet"]["path"]
        for kind in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    with container.start() as process:
        address, own = process.address(), process.address("listening for probes")
        assert {kind: status(own + path) for kind, path in probes.items()} == dict.fromkeys(probes, 200)
        assert [status(place + "/metrics") for place in (own, address)] == [200, 404]
        assert status(address + "/v1/sessions") == 401
        assert status(address + "/v1/sessions", headers={"Authorization": "Bearer inline-web-token"}) == 200
        health = objects.one("Pod", "assay-test-readyz")["spec"]["containers"][0]["args"]
        assert "http://assay.canary.svc:8080" in health[-1]
        assay(*[argument.replace("http://assay.canary.svc:8080", address) for argument in health])
        assert (tmp_path / "var/lib/assay/assay.db").exists()
        assert process.stop() == 0
        assert "inline-" not in "".join(process.log)


def test_a_missing_secret_is_named(chart, tmp_path):
    values = {"settings": {"grafana": {"url": "http://127.0.0.1:1"}}, "secrets": {"grafanaToken": {"value": "x"}}}
    objects = chart.objects(values)
    container = Container(PROGRAM, tmp_path, objects, objects.one("Deployment", "assay")["spec"]["template"])
    container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "web.probesPort": "0"})
    (tmp_path / "etc/assay/secrets/grafana-token").unlink()
    with container.start() as process:
        assert "grafana-token" in process.line("grafana-token")


def test_the_hook_makes_the_tables_that_the_server_needs(chart, tmp_path, postgres):
    values = {
        "settings": {
            "database": {"url": f"postgres://assay@/postgres?host={postgres}"},
            "shutdown": {"delay": "0s", "grace": "20s"},
        },
        "secrets": {"databasePassword": {"value": "inline-password"}},
    }
    objects = chart.objects(values)
    job = objects.one("Job", "assay-migrate")["spec"]["template"]
    migrate = Container(PROGRAM, tmp_path / "job", objects, job, name="migrate")
    assert "applied" in migrate.run()
    assert "up to date" in migrate.run()

    container = Container(PROGRAM, tmp_path / "pod", objects, objects.one("Deployment", "assay")["spec"]["template"])
    container.settings(**{"web.host": "127.0.0.1", "web.port": "0", "web.probesPort": "0"})
    with container.start() as process:
        assert status(process.address() + "/readyz") == 200
        assert process.stop() == 0


@pytest.fixture
def postgres():
    """The folder of the socket of a server that asks for a password."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    # The server refuses to be root.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="assay-", dir="/tmp"))
    folder.chmod(0o777)
    (folder / "password").write_text("inline-password")
    (folder / "password").chmod(0o644)

    def run(*command):
        subprocess.run([*user, *command], check=True, stdout=subprocess.DEVNULL, timeout=60)

    data = folder / "data"
    run(
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "assay",
        "-A",
        "scram-sha-256",
        f"--pwfile={folder}/password",
        "--no-sync",
    )
    options = f"-c fsync=off -c listen_addresses= -c unix_socket_directories={folder}"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    run(*control, "-o", options, "start")
    try:
        yield folder
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)
