"""How many pods there are, and whom they may talk to."""

import re

import pytest
import yaml

from chart.reading import KAFKA, POSTGRES
from chart.rendering import values_of


def test_an_autoscaler_owns_the_replicas(chart):
    objects = chart.objects(values_of("hpa"))
    deployment = objects.one("Deployment", "assay")
    scaler = objects.one("HorizontalPodAutoscaler", "assay")["spec"]
    assert "replicas" not in deployment["spec"]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "assay"}
    assert [metric["type"] for metric in scaler["metrics"]] == ["Resource", "External"]


def test_the_controller_is_not_scaled(chart):
    values = {
        "settings": {**KAFKA, **POSTGRES, "rollout": {"webhookUrl": "http://x"}},
        "defaults": {"autoscaling": {"type": "hpa"}},
        "rollout": {"enabled": True, "replicas": 2},
    }
    objects = chart.objects(values)
    assert [scaler["metadata"]["name"] for scaler in objects.of("HorizontalPodAutoscaler")] == ["assay"]
    assert objects.one("Deployment", "assay-rollout")["spec"]["replicas"] == 2


def test_keda_asks_for_metrics_that_there_are(chart, assay):
    trigger = chart.objects(values_of("keda")).one("ScaledObject", "assay")["spec"]["triggers"][0]
    assert trigger["metadata"]["threshold"] == "250"
    query = trigger["metadata"]["query"]
    metric = re.search(r"(assay_[a-z_]+)\{", query).group(1)
    assert re.search(rf"^\| `{metric}` \| gauge \| `phase` \|", assay("metrics"), re.MULTILINE)
    assert query == 'max(sum by (pod) (assay_sessions{namespace="canary", pod=~"assay-.*", phase!="finished"}))'


def test_a_controller_over_http_reaches_the_service(chart):
    values = {
        "settings": {
            **KAFKA, **POSTGRES, "assay": {"url": "http://assay"},
            "rollout": {"source": "http", "webhookUrl": "http://x:8443"},
        },
        "networkPolicy": {"enabled": True},
        "rollout": {"enabled": True},
    }
    policy = chart.objects(values).one("NetworkPolicy", "assay-rollout")
    # The port of the Service, and that of the pod, which is what a policy sees.
    assert {80, 8080} in [ports(rule) for rule in policy["spec"]["egress"]]


def ports(rule: dict) -> set:
    return {port["port"] for port in rule["ports"]}


def test_policies_let_through_what_a_component_uses(chart):
    objects = chart.objects(values_of("split-roles"))
    egress = {
        policy["metadata"]["name"]: [ports(rule) for rule in policy["spec"]["egress"]]
        for policy in objects.of("NetworkPolicy")
    }
    dns, kafka, postgres = {53}, {9092}, {5432}
    assert egress == {
        "assay-front": [dns, kafka, postgres],
        "assay-engine": [dns, kafka, postgres, {9090}],
        "assay-relay": [dns, kafka, postgres, {3000}, {8080}],
        "assay-rollout": [dns, kafka, {443}],
        "assay-migrate": [dns, postgres],
    }


def test_policies_of_production(chart):
    objects = chart.objects(values_of("production"))
    policy = objects.one("NetworkPolicy", "assay")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [ports(rule) for rule in policy["egress"]] == [{53}, {9093}, {5432}, {9090}, {3000}]
    api, metrics = policy["ingress"]
    assert (ports(api), api["from"]) == ({"http", "probes"}, [{"podSelector": {}}])
    # Prometheus has no business with the API.
    assert ports(metrics) == {"probes"}
    assert metrics["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    controller = objects.one("NetworkPolicy", "assay-rollout")["spec"]
    assert [ports(rule) for rule in controller["egress"]] == [{53}, {9093}, {443, 6443}]
    assert objects.one("NetworkPolicy", "assay-migrate")["spec"]["ingress"] == []


def test_nobody_may_come_in_where_nobody_is_named(chart):
    policy = chart.objects({"networkPolicy": {"enabled": True, "ingressFrom": []}}).of("NetworkPolicy")[0]
    assert policy["spec"]["ingress"] == []


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://prometheus", 80),
        ("https://prometheus/path", 443),
        ("http://prometheus:9090/prometheus", 9090),
        ("https://[fd00::1]:9443", 9443),
        ("https://user@prometheus:9091?x=1", 9091),
    ],
)
def test_ports_come_from_addresses(chart, url, port):
    values = {"networkPolicy": {"enabled": True}, "settings": {"prometheus": {"url": url}}}
    assert ports(chart.objects(values).of("NetworkPolicy")[0]["spec"]["egress"][-1]) == {port}


def test_destinations_of_notifications_are_reached_where_there_is_a_file(chart):
    policy = {"enabled": True}
    values = {"networkPolicy": policy, "settings": {"notifications": {"file": "/etc/assay/notifications.yaml"}}}
    assert ports(chart.objects(values).of("NetworkPolicy")[0]["spec"]["egress"][-1]) == {443, 587}
    to = [{"ipBlock": {"cidr": "192.0.2.0/24"}}]
    policy["egress"] = {"notifications": {"ports": [9093], "to": to}}
    rule = chart.objects(values).of("NetworkPolicy")[0]["spec"]["egress"][-1]
    assert ports(rule) == {9093} and rule["to"] == to
    del values["settings"]
    assert ports(chart.objects(values).of("NetworkPolicy")[0]["spec"]["egress"][-1]) != {9093}


def test_the_api_is_called_by_names_of_the_chart(chart):
    values = {"ingress": {"enabled": True, "hosts": [{"host": "assay.example.com"}]}}
    file = chart.objects(values).one("ConfigMap", "assay-settings")["data"]["settings.yaml"]
    hosts = yaml.safe_load(file)["web.hosts"].split(",")
    assert {"assay", "assay.canary.svc", "assay.example.com"} <= set(hosts)


def test_an_ingress_shows_no_metrics_by_default(chart):
    paths = chart.objects(values_of("sqlite-persistent")).of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"]
    assert [path["path"] for path in paths] == ["/v1"]
    assert paths[0]["backend"]["service"] == {"name": "assay", "port": {"name": "http"}}
