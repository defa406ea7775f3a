"""Values that cannot work are refused, with a message that names the key."""

import json

import helm_python as helm
import jsonschema
import pytest

from chart import settings_schema
from chart.rendering import CHART

KAFKA = {"kafka": {"brokers": ["kafka:9092"]}}
POSTGRES = {"database": {"url": "postgres://assay@db/assay"}}
FILE = CHART / "values.schema.json"

# (what is wrong, the values, parts of the message)
REFUSED = [
    ("misspelled section", {"setings": {}}, ["setings"]),
    ("misspelled setting", {"settings": {"engine": {"concurency": 8}}}, ["/settings/engine", "concurency"]),
    ("misspelled default", {"defaults": {"nodeSelectors": {}}}, ["/defaults", "nodeSelectors"]),
    ("misspelled key of a component", {"components": {"all": {"replica": 2}}}, ["/components/all", "replica"]),
    ("a default at the top", {"resources": {}}, ["resources"]),
    ("unknown role", {"components": {"all": {"roles": ["inntake"]}}}, ["/components/all/roles/0", "intake"]),
    ("no role", {"components": {"all": {"roles": []}}}, ["/components/all/roles"]),
    ("component without roles", {"components": {"web": {"replicas": 1}}}, ["/components/web", "roles"]),
    ("reserved name of a component", {"components": {"rollout": {"enabled": False}}}, ["rollout"]),
    (
        "too long a name of a component",
        {"components": {"analyses-in-europe": {"enabled": False}}},
        ["analyses-in-europe"],
    ),
    ("replicas as text", {"components": {"all": {"replicas": "2"}}}, ["/components/all/replicas"]),
    ("replicas on SQLite", {"components": {"all": {"replicas": 2}}, "settings": KAFKA}, ["/settings/database/url"]),
    (
        "replicas on the embedded broker",
        {"defaults": {"replicas": 2}, "settings": POSTGRES},
        ["/settings/kafka/brokers"],
    ),
    (
        "autoscaling on SQLite",
        {"defaults": {"autoscaling": {"type": "hpa"}}, "settings": KAFKA},
        ["/settings/database/url"],
    ),
    (
        "several components on SQLite",
        {
            "components": {"all": {"roles": ["web", "relay", "intake"]}, "engine": {"roles": ["engine"]}},
            "settings": KAFKA,
        },
        ["/settings/database/url", "/secrets/databaseUrl/existingSecret"],
    ),
    (
        "two autoscalers",
        {"defaults": {"autoscaling": {"type": ["hpa", "keda"]}}},
        ["/defaults/autoscaling/type", "keda"],
    ),
    (
        "KEDA without Prometheus",
        {"defaults": {"autoscaling": {"type": "keda"}}, "settings": {**KAFKA, **POSTGRES}},
        ["/defaults/autoscaling/keda/serverAddress"],
    ),
    (
        "a broker with a password",
        {"settings": {"kafka": {"brokers": ["u:t0ken@kafka:9092"]}}},
        ["/settings/kafka/brokers/0"],
    ),
    ("controller without Kafka", {"rollout": {"enabled": True}}, ["/settings/kafka/brokers"]),
    (
        "controller without a webhook",
        {"rollout": {"enabled": True}, "settings": KAFKA},
        ["/settings/rollout/webhookUrl"],
    ),
    (
        "controller without rights",
        {"rollout": {"enabled": True}, "settings": {**KAFKA, "rollout": {"actuator": "argo-rollout"}}},
        ["/rollout/rbac/namespaces", "/rollout/rbac/clusterWide"],
    ),
    ("autoscaling of the controller", {"rollout": {"autoscaling": {"type": "hpa"}}}, ["/rollout", "autoscaling"]),
    (
        "unknown actuator",
        {"settings": {"rollout": {"actuator": "argo"}}},
        ["/settings/rollout/actuator", "argo-rollout"],
    ),
    (
        "action that is not allowed",
        {"settings": {"rollout": {"onInconclusive": "promote"}}},
        ["/settings/rollout/onInconclusive"],
    ),
    (
        "existing account without a name",
        {"rollout": {"serviceAccount": {"create": False}}},
        ["/rollout/serviceAccount"],
    ),
    ("broker without a port", {"settings": {"kafka": {"brokers": ["kafka"]}}}, ["/settings/kafka/brokers/0"]),
    ("brokers as text", {"settings": {"kafka": {"brokers": "kafka:9092"}}}, ["/settings/kafka/brokers"]),
    ("secret among the settings", {"settings": {"kafka": {"sasl.password": "x"}}}, ["/settings/kafka/sasl.password"]),
    ("managed property of Kafka", {"settings": {"kafka": {"group.id": "x"}}}, ["/settings/kafka/group.id"]),
    ("token among the settings", {"settings": {"grafana": {"token": "x"}}}, ["/settings/grafana", "token"]),
    ("the chart's own setting", {"settings": {"store": {"path": "/tmp/x"}}}, ["/settings", "store"]),
    ("password in the URL", {"settings": {"database": {"url": "postgres://a:b@db/assay"}}}, ["/settings/database/url"]),
    ("password in the string", {"settings": {"database": {"url": "host=db password=b"}}}, ["/settings/database/url"]),
    (
        "address without a scheme",
        {"settings": {"prometheus": {"url": "prometheus:9090"}}},
        ["/settings/prometheus/url"],
    ),
    ("time without a unit", {"settings": {"shutdown": {"grace": "30"}}}, ["/settings/shutdown/grace"]),
    ("level that there is not", {"settings": {"log": {"level": "verbose"}}}, ["/settings/log/level"]),
    (
        "secret from two places",
        {"secrets": {"kafkaCa": {"existingSecret": "a", "value": "b"}}},
        ["/secrets/kafkaCa/value"],
    ),
    ("certificate without a key", {"secrets": {"kafkaCertificate": {"existingSecret": "a"}}}, ["/secrets/kafkaKey"]),
    (
        "key without a certificate",
        {"secrets": {"prometheusKey": {"existingSecret": "a"}}},
        ["/secrets/prometheusCertificate"],
    ),
    (
        "password without a user",
        {"secrets": {"prometheusPassword": {"existingSecret": "a"}}},
        ["/settings/prometheus", "username"],
    ),
    (
        "password without a database",
        {"secrets": {"databasePassword": {"existingSecret": "a"}}},
        ["/settings/database/url"],
    ),
    ("half a certificate for Grafana", {"secrets": {"grafanaKey": {"value": "a"}}}, ["/secrets/grafanaCertificate"]),
    ("token without an address", {"secrets": {"grafanaToken": {"existingSecret": "a"}}}, ["/settings/grafana/url"]),
    (
        "two ways into Prometheus",
        {"secrets": {"prometheusBearerToken": {"value": "a"}}, "settings": {"prometheus": {"username": "b"}}},
        ["/settings/prometheus/username"],
    ),
    (
        "two connection strings",
        {"secrets": {"databaseUrl": {"existingSecret": "a"}}, "settings": POSTGRES},
        ["/secrets/databaseUrl/existingSecret"],
    ),
    ("a volume with Postgres", {"persistence": {"enabled": True}, "settings": POSTGRES}, ["/persistence/enabled"]),
    ("size that is none", {"persistence": {"size": "large"}}, ["/persistence/size"]),
    ("digest that is none", {"image": {"digest": "latest"}}, ["/image/digest"]),
    ("policy that is none", {"image": {"pullPolicy": "Sometimes"}}, ["/image/pullPolicy"]),
    ("open load balancer", {"service": {"type": "LoadBalancer"}}, ["/service/loadBalancerSourceRanges"]),
    ("ingress without hosts", {"ingress": {"enabled": True}}, ["/ingress/hosts"]),
    ("monitor that is none", {"monitor": {"kind": "Probe"}}, ["/monitor/kind"]),
    ("privileged port", {"web": {"port": 80}}, ["/web/port"]),
    ("plan of another kind", {"plans": {"files": {"plan.txt": "x"}}}, ["plan.txt"]),
    ("argument that is no flag", {"defaults": {"extraArgs": ["serve"]}}, ["/defaults/extraArgs/0"]),
    ("label that is none", {"commonLabels": {"team": "a team"}}, ["/commonLabels/team"]),
    ("mode that is none", {"migration": {"mode": "job"}}, ["/migration/mode"]),
]

# What only a template can tell, with the message.
FAILED = [
    ("nothing at all", {"components": {"all": {"enabled": False}}}, "nothing would run"),
    (
        "a role that does not exist",
        {"components": {"all": {"roles": ["web", "intake"]}}},
        "no component has the role engine",
    ),
    (
        "too little time to stop",
        {"components": {"all": {"terminationGracePeriodSeconds": 39}}},
        "components.all.terminationGracePeriodSeconds: 39 s are too few",
    ),
    (
        "grace that is too long",
        {"settings": {"shutdown": {"grace": "1m30s"}}},
        "settings.shutdown.delay (5s), settings.shutdown.grace (1m30s) and 5 s make 100 s",
    ),
    (
        "two pods on one file",
        {"defaults": {"strategy": {"type": "RollingUpdate"}}},
        "components.all.strategy: without Postgres two pods would share a SQLite file",
    ),
    (
        "one account for two components",
        {
            "defaults": {"serviceAccount": {"name": "assay"}},
            "rollout": {"enabled": True},
            "settings": {**KAFKA, "rollout": {"webhookUrl": "http://x"}},
        },
        "rollout.serviceAccount.name: assay is made for another component already",
    ),
    (
        "fewest above most",
        {"defaults": {"autoscaling": {"type": "hpa", "minReplicas": 9}}, "settings": {**KAFKA, **POSTGRES}},
        "autoscaling.minReplicas: 9 is more than maxReplicas, 6",
    ),
    (
        "CPU without a request",
        {
            "components": {"all": {"resources": {"requests": {"cpu": None}}, "autoscaling": {"type": "hpa"}}},
            "settings": {**KAFKA, **POSTGRES},
            "defaults": {"resources": {"requests": {"cpu": ""}}},
        },
        "components.all.resources.requests.cpu",
    ),
    (
        "autoscaler without a metric",
        {
            "components": {"all": {"autoscaling": {"type": "hpa", "targetCPUUtilizationPercentage": 0}}},
            "settings": {**KAFKA, **POSTGRES},
        },
        "components.all.autoscaling.metrics",
    ),
    (
        "probes on the port of the interface",
        {"web": {"port": 8081}, "settings": {**KAFKA, **POSTGRES}},
        "web.probesPort: it must be another port than web.port",
    ),
    (
        "ingress to no service",
        {
            "components": {"all": {"roles": ["engine", "intake", "relay"]}},
            "allowMissingRoles": True,
            "ingress": {"enabled": True, "hosts": [{"host": "a.example.com"}]},
        },
        "ingress.enabled: no component has the role web",
    ),
]


@pytest.mark.parametrize(("values", "parts"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_broken_values_are_refused(chart, values, parts):
    with pytest.raises(helm.HelmValuesError) as refusal:
        chart.validate(values)
    for part in parts:
        assert part in str(refusal.value)


@pytest.mark.parametrize(("values", "message"), [row[1:] for row in FAILED], ids=[row[0] for row in FAILED])
def test_values_that_cannot_work_together_fail(chart, values, message):
    chart.validate(values)
    with pytest.raises(helm.HelmRenderError) as failure:
        chart.texts(values)
    assert message in str(failure.value)


def test_a_role_may_run_in_another_release(chart):
    values = {"components": {"all": {"roles": ["web", "intake"]}}, "allowMissingRoles": True}
    assert chart.objects(values).one("Deployment", "assay")


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(json.loads(FILE.read_text()))


def test_objects_of_the_schema_are_closed():
    """Every object with named properties refuses other ones, except in conditions."""
    schema = json.loads(FILE.read_text())

    def walk(node, path):
        if isinstance(node, list):
            for index, part in enumerate(node):
                yield from walk(part, f"{path}/{index}")
        elif isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node and node.get("additionalProperties", True) is True:
                yield path
            for key, part in node.items():
                if key not in ("allOf", "anyOf", "if", "then", "not"):
                    yield from walk(part, f"{path}/{key}")

    assert list(walk(schema, "")) == []


def test_the_schema_has_every_setting_of_the_program(assay):
    """`python -m chart.reference --write` in Tests/Integration/Deployment brings the schema up to date."""
    settings = settings_schema.catalog(assay("settings"))
    assert json.loads(FILE.read_text())["definitions"]["settings"] == settings_schema.schema(settings)


def test_the_schema_is_formatted():
    assert FILE.read_text() == settings_schema.formatted(json.loads(FILE.read_text())) + "\n"
