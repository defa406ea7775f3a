"""Which objects there are, what they are called, and whom they select."""

import pytest

from chart.reading import ARGO, REPLICATED, matches
from chart.rendering import NAMES, values_of


def test_by_default_there_is_only_what_is_needed(chart):
    assert chart.objects().summary == [
        "ConfigMap assay-plans",
        "ConfigMap assay-settings",
        "Deployment assay",
        "Pod assay-test-readyz",
        "Secret assay-web-token",
        "Service assay",
        "ServiceAccount assay",
    ]


def test_only_the_controller(chart):
    assert chart.objects(values_of("rollout-controller-only")).summary == [
        "ConfigMap assay-rollout-settings",
        "Deployment assay-rollout",
        "NetworkPolicy assay-rollout",
        "PodDisruptionBudget assay-rollout",
        "PodMonitor assay",
        "Role assay-rollout",
        "RoleBinding assay-rollout",
        "ServiceAccount assay-rollout",
    ]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("HorizontalPodAutoscaler", {**REPLICATED, "defaults": {"autoscaling": {"type": "hpa"}}}),
        (
            "ScaledObject",
            {
                **REPLICATED,
                "defaults": {"autoscaling": {"type": "keda", "keda": {"serverAddress": "http://prometheus"}}},
            },
        ),
        ("Ingress", {"ingress": {"enabled": True, "hosts": [{"host": "assay.example.com"}]}}),
        ("Job", REPLICATED),
        ("NetworkPolicy", {"networkPolicy": {"enabled": True}}),
        ("PersistentVolumeClaim", {"persistence": {"enabled": True}}),
        ("PodDisruptionBudget", {"defaults": {"podDisruptionBudget": {"enabled": True}}}),
        ("PodMonitor", {"monitor": {"enabled": True, "kind": "PodMonitor"}}),
        ("PrometheusRule", {"prometheusRule": {"enabled": True}}),
        ("Role", ARGO),
        ("ServiceMonitor", {"monitor": {"enabled": True}}),
    ],
)
def test_what_is_optional_is_off_until_switched_on(chart, kind, values):
    assert chart.objects().of(kind) == []
    assert len(chart.objects(values).of(kind)) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_names_and_labels_fit(chart, name):
    release = "a-release-with-a-name-that-is-as-long-as-helm-takes-1"
    assert len(release) == 53
    values = {**values_of(name), "fullnameOverride": ""}
    for document in chart.objects(values, name=release):
        label = f"{document['kind']} {document['metadata']['name']}"
        assert len(document["metadata"]["name"]) <= 63, label
        for value in document["metadata"].get("labels", {}).values():
            assert len(value) <= 63, label


def test_labels_of_yours_do_not_replace_those_of_the_chart(chart):
    labels = {
        "app.kubernetes.io/name": "other",
        "app.kubernetes.io/part-of": "platform",
        "app.kubernetes.io/component": "x",
    }
    objects = chart.objects({"commonLabels": labels, "defaults": {"podLabels": labels}})
    deployment = objects.one("Deployment", "assay")
    for found in (deployment["metadata"]["labels"], deployment["spec"]["template"]["metadata"]["labels"]):
        assert found["app.kubernetes.io/name"] == "assay" and found["app.kubernetes.io/component"] == "all"
        assert found["app.kubernetes.io/part-of"] == "platform"


def test_long_names_of_releases_stay_apart(chart):
    names = [
        chart.objects(name=f"a-release-with-a-name-that-is-as-long-as-helm-takes-{number}").of("Deployment")[0]
        for number in (1, 2)
    ]
    assert names[0]["metadata"]["name"] != names[1]["metadata"]["name"]


@pytest.mark.parametrize("name", NAMES)
def test_objects_are_named_once(chart, name):
    objects = chart.objects(values_of(name))
    names = [(d["kind"], d["metadata"].get("namespace"), d["metadata"]["name"]) for d in objects]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", NAMES)
def test_selectors_select_their_pods_and_nothing_that_changes(chart, name):
    objects = chart.objects(values_of(name))
    stable = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}
    for deployment in objects.of("Deployment"):
        selector = deployment["spec"]["selector"]["matchLabels"]
        assert set(selector) == stable
        assert matches(selector, deployment["spec"]["template"]["metadata"]["labels"])
        others = [pod for label, pod in objects.pods if label != f"Deployment {deployment['metadata']['name']}"]
        assert not any(matches(selector, pod["metadata"]["labels"]) for pod in others)
    for kind in ("PodDisruptionBudget", "NetworkPolicy"):
        for document in objects.of(kind):
            selector = document["spec"].get("selector") or document["spec"]["podSelector"]
            selected = [
                label for label, pod in objects.pods if matches(selector["matchLabels"], pod["metadata"]["labels"])
            ]
            assert [label.split()[1] for label in selected] == [document["metadata"]["name"]]


@pytest.mark.parametrize("name", NAMES)
def test_services_reach_named_ports_of_pods(chart, name):
    objects = chart.objects(values_of(name))
    for service in objects.of("Service"):
        is_metrics = service["metadata"]["name"].endswith("-metrics")
        selected = [
            pod for label, pod in objects.pods if matches(service["spec"]["selector"], pod["metadata"]["labels"])
        ]
        expected = [
            pod
            for label, pod in objects.pods
            if label.startswith("Deployment") and (is_metrics or "role.assay.dev/web" in pod["metadata"]["labels"])
        ]
        assert selected == expected != []
        for pod in selected:
            ports = [port["name"] for port in pod["spec"]["containers"][0]["ports"]]
            assert {port["targetPort"] for port in service["spec"]["ports"]} <= set(ports)


def test_only_components_with_the_role_web_are_behind_the_service(chart):
    objects = chart.objects(values_of("split-roles"))
    selector = objects.one("Service", "assay")["spec"]["selector"]
    selected = [label for label, pod in objects.pods if matches(selector, pod["metadata"]["labels"])]
    assert selected == ["Deployment assay-front"]


def test_the_monitor_finds_its_service(chart):
    objects = chart.objects(values_of("split-roles"))
    monitor = objects.one("ServiceMonitor", "assay")["spec"]
    found = [s for s in objects.of("Service") if matches(monitor["selector"]["matchLabels"], s["metadata"]["labels"])]
    assert [service["metadata"]["name"] for service in found] == ["assay-metrics"]
    assert monitor["endpoints"][0]["port"] in [port["name"] for port in found[0]["spec"]["ports"]]
    pods = chart.objects(values_of("rollout-controller-only"))
    selector = pods.one("PodMonitor", "assay")["spec"]["selector"]["matchLabels"]
    assert [label for label, pod in pods.pods if matches(selector, pod["metadata"]["labels"])] == [
        "Deployment assay-rollout"
    ]


NOTES = [
    (
        {},
        [
            "the broker is inside the pod",
            "goes with the pod",
            "settings.prometheus.url is empty",
            "no plans: no release is analysed",
        ],
    ),
    ({"settings": {"web": {"allowWithoutToken": True}}}, ["no authentication: every pod of the cluster can"]),
    ({"settings": {"plans": {"fromEvents": True}}}, ["only events that bring a plan along"]),
    (values_of("production"), []),
    ({}, ["image.repository is assay"]),
    ({"persistence": {"enabled": True}}, ["Back the volume up"]),
    (
        {"settings": {"web": {"allowWithoutToken": True}}, "service": {"type": "NodePort"}},
        ["You expose the HTTP API without authentication"],
    ),
    ({**ARGO, "rollout": {"enabled": True, "rbac": {"clusterWide": True}}}, ["Better name namespaces"]),
    ({**REPLICATED, "migration": {"mode": "none"}}, ["run `assay migrate`"]),
    ({"settings": {"database": {"url": "postgres://assay@db/assay?sslmode=require"}}}, ["does not prove who answers"]),
    (
        {
            "settings": {"prometheus": {"url": "http://prometheus:9090"}},
            "secrets": {"prometheusBearerToken": {"existingSecret": "prometheus"}},
        },
        ["travel unencrypted"],
    ),
    ({"defaults": {"podDisruptionBudget": {"enabled": True, "minAvailable": 1}}}, ["cannot be drained"]),
    (values_of("everything-on"), ["Secrets given as values lie in the Secret canary-judge-secrets"]),
]


@pytest.mark.parametrize(("values", "parts"), NOTES)
def test_notes_warn_of_what_is_not_for_production(chart, values, parts):
    notes = chart.notes(values)
    for part in parts:
        assert part in notes
    assert ("Mind:" in notes) == bool(parts)
    assert "kubectl --namespace canary rollout status" in notes
