"""What the rendered objects say."""

import base64
import re

import pytest

from chart.rendering import NAMES, values_of

KAFKA = {"kafka": {"brokers": ["kafka:9092"]}}
POSTGRES = {"database": {"url": "postgres://assay@db/assay"}}
REPLICATED = {"settings": {**KAFKA, **POSTGRES}, "components": {"all": {"replicas": 3}}}
ARGO = {
    "settings": {**KAFKA, "rollout": {"actuator": "argo-rollout"}},
    "rollout": {"enabled": True, "rbac": {"namespaces": ["shop", "payments"]}},
}


def container(objects, name="assay") -> dict:
    return objects.one("Deployment", name)["spec"]["template"]["spec"]["containers"][0]


def environment(container) -> dict:
    return {variable["name"]: variable for variable in container["env"]}


def settings_file(objects, name="assay-settings") -> dict[str, str]:
    text = objects.one("ConfigMap", name)["data"]["settings.yaml"]
    return dict(re.findall(r'^([a-zA-Z.]+): "(.*)"$', text, re.MULTILINE))


def matches(selector: dict, labels: dict) -> bool:
    return all(labels.get(key) == value for key, value in selector.items())


# MARK: what there is


def test_by_default_there_is_only_what_is_needed(chart):
    assert chart.objects().summary == [
        "ConfigMap assay-plans",
        "ConfigMap assay-settings",
        "Deployment assay",
        "Pod assay-test-readyz",
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
            {**REPLICATED, "defaults": {"autoscaling": {"type": "keda", "keda": {"serverAddress": "http://prometheus"}}}},
        ),
        ("Ingress", {"ingress": {"enabled": True, "hosts": [{"host": "assay.example.com"}]}}),
        ("Job", REPLICATED),
        ("NetworkPolicy", {"networkPolicy": {"enabled": True}}),
        ("PersistentVolumeClaim", {"persistence": {"enabled": True}}),
        ("PodDisruptionBudget", {"defaults": {"podDisruptionBudget": {"enabled": True}}}),
        ("PodMonitor", {"monitor": {"enabled": True, "kind": "PodMonitor"}}),
        ("PrometheusRule", {"prometheusRule": {"enabled": True}}),
        ("Role", ARGO),
        ("Secret", {"secrets": {"kafkaSaslPassword": {"value": "x"}}}),
        ("ServiceMonitor", {"monitor": {"enabled": True}}),
    ],
)
def test_what_is_optional_is_off_until_switched_on(chart, kind, values):
    assert chart.objects().of(kind) == []
    assert len(chart.objects(values).of(kind)) >= 1


# MARK: names, labels, selectors


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
    labels = {"app.kubernetes.io/name": "other", "app.kubernetes.io/part-of": "platform", "app.kubernetes.io/component": "x"}
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
            selected = [label for label, pod in objects.pods if matches(selector["matchLabels"], pod["metadata"]["labels"])]
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


# MARK: pods


@pytest.mark.parametrize("name", [None, *NAMES])
def test_pods_are_restricted(chart, name):
    """What Pod Security "restricted" asks for, and a root file system that cannot be written."""
    values = values_of(name) if name else {}
    given = [entry["name"] for kind in ("initContainers", "sidecars") for entry in values.get("defaults", {}).get(kind, [])]
    for label, pod in chart.objects(values).pods:
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, label
        assert spec["securityContext"]["runAsUser"] == 65532, label
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, label
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), label
        volumes = [kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"]
        assert set(volumes) <= {"configMap", "emptyDir", "projected", "persistentVolumeClaim"}, label
        for entry in spec["containers"] + spec.get("initContainers", []):
            if entry["name"] in given:
                continue
            context = entry["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, label
            assert context["readOnlyRootFilesystem"] is True, label
            assert context["runAsNonRoot"] is True, label
            assert context["capabilities"] == {"drop": ["ALL"]}, label
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}, label


@pytest.mark.parametrize("name", [None, *NAMES])
def test_the_token_is_mounted_only_where_the_kubernetes_api_is_used(chart, name):
    values = values_of(name) if name else {}
    objects = chart.objects(values)
    for label, pod in objects.pods:
        uses_it = label.endswith("-rollout") and values["settings"]["rollout"].get("actuator") == "argo-rollout"
        assert pod["spec"]["automountServiceAccountToken"] is uses_it, label
        assert pod["spec"]["enableServiceLinks"] is False, label
    assert all(account["automountServiceAccountToken"] is False for account in objects.of("ServiceAccount"))


def test_service_accounts_exist(chart):
    for name in NAMES:
        objects = chart.objects(values_of(name))
        accounts = {account["metadata"]["name"] for account in objects.of("ServiceAccount")}
        for label, pod in objects.pods:
            given = values_of(name).get("components", {}).get("relay", {}).get("serviceAccount", {}).get("name")
            assert pod["spec"].get("serviceAccountName") in accounts | {given, None}, label


@pytest.mark.parametrize("name", NAMES)
def test_mounted_volumes_and_their_sources_exist(chart, name):
    values = values_of(name)
    objects = chart.objects(values)
    outside = set(re.findall(r"'(?:existingSecret|existingConfigMap|existingClaim)': '([^']+)'", str(values)))
    outside |= set(values.get("plans", {}).get("existingConfigMaps", []))
    outside |= {volume["configMap"]["name"] for volume in values.get("defaults", {}).get("extraVolumes", [])}
    made = {(d["kind"], d["metadata"]["name"]) for d in objects}
    for label, pod in objects.pods:
        volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes", [])}
        for entry in pod["spec"]["containers"]:
            assert {mount["name"] for mount in entry.get("volumeMounts", [])} <= set(volumes), label
        for volume in volumes.values():
            sources = volume["projected"]["sources"] if "projected" in volume else [volume]
            for source in sources:
                for key, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
                    if key in source:
                        assert source[key]["name"] in outside or (kind, source[key]["name"]) in made, label


def test_probes(chart):
    entry = container(chart.objects())
    assert {probe: entry[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")} == {
        "startupProbe": {"path": "/livez", "port": "http"},
        "livenessProbe": {"path": "/livez", "port": "http"},
        "readinessProbe": {"path": "/readyz", "port": "http"},
    }


def test_the_image_by_tag_and_by_digest(chart):
    digest = "sha256:" + "0" * 64
    repository = "registry.example.com/assay"
    for image, expected in [
        ({}, "assay:0.1.0"),
        ({"repository": repository, "tag": "1.2"}, f"{repository}:1.2"),
        ({"repository": repository, "tag": "1.2", "digest": digest}, f"{repository}@{digest}"),
    ]:
        assert container(chart.objects({"image": image}))["image"] == expected


def test_two_processes_never_share_a_file(chart):
    for values, strategy in [({}, "Recreate"), ({"persistence": {"enabled": True}}, "Recreate"), (REPLICATED, "RollingUpdate")]:
        spec = chart.objects(values).one("Deployment", "assay")["spec"]
        assert spec["strategy"]["type"] == strategy
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_state_is_kept_where_asked(chart):
    def state(values):
        volumes = chart.objects(values).one("Deployment", "assay")["spec"]["template"]["spec"]["volumes"]
        return next((volume for volume in volumes if volume["name"] == "state"), None)

    assert state({}) == {"name": "state", "emptyDir": {}}
    assert state({"persistence": {"enabled": True}})["persistentVolumeClaim"] == {"claimName": "assay-state"}
    assert state({"persistence": {"enabled": True, "existingClaim": "mine"}})["persistentVolumeClaim"] == {"claimName": "mine"}
    assert state(REPLICATED) is None


def test_a_component_overrides_defaults_key_by_key(chart):
    values = {
        "defaults": {"resources": {"limits": {"memory": "1Gi"}}, "podLabels": {"a": "1"}, "tolerations": [{"key": "x"}]},
        "components": {"all": {"resources": {"requests": {"cpu": "2"}}, "tolerations": [], "podLabels": {"b": "2"}}},
    }
    template = chart.objects(values).one("Deployment", "assay")["spec"]["template"]
    assert template["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "2", "memory": "128Mi"},
        "limits": {"memory": "1Gi"},
    }
    assert "tolerations" not in template["spec"]
    assert (template["metadata"]["labels"]["a"], template["metadata"]["labels"]["b"]) == ("1", "2")


def test_spread_constraints_select_the_component(chart):
    objects = chart.objects(values_of("production"))
    constraint = objects.one("Deployment", "assay-rollout")["spec"]["template"]["spec"]["topologySpreadConstraints"][0]
    assert constraint["labelSelector"]["matchLabels"]["app.kubernetes.io/component"] == "rollout"
    assert (constraint["maxSkew"], constraint["whenUnsatisfiable"]) == (1, "ScheduleAnyway")


# MARK: settings, plans


def test_settings_are_written_as_given(chart):
    settings = settings_file(chart.objects(values_of("everything-on"), name="x"), "canary-judge-settings")
    assert settings["kafka.brokers"] == "kafka-1:9093,kafka-2:9093"
    assert settings["kafka.message.max.bytes"] == "2000000"
    assert settings["kafka.socket.keepalive.enable"] == "true"
    assert settings["engine.maximumEventAge"] == "12h"
    assert (settings["web.host"], settings["web.port"]) == ("::", "9000")
    assert not [key for key in settings if key.startswith(("rollout.", "kubernetes."))]


def test_changed_settings_replace_the_pods_and_changed_plans_do_not(chart):
    def template(values):
        return chart.objects(values).one("Deployment", "assay")["spec"]["template"]

    plans = {"plans": {"files": {"a.yaml": "kind: AnalysisPlan"}}}
    assert template({}) == template(plans)
    assert template({}) != template({"settings": {"engine": {"concurrency": 65}}})
    assert template({"secrets": {"kafkaSaslPassword": {"value": "a"}}}) != template({"secrets": {"kafkaSaslPassword": {"value": "b"}}})


def test_plans_are_a_directory_that_changes(chart):
    objects = chart.objects({"plans": {"files": {"a.yaml": "x: 1"}, "existingConfigMaps": ["team"]}})
    mount = next(mount for mount in container(objects)["volumeMounts"] if mount["name"] == "plans")
    assert mount == {"name": "plans", "mountPath": "/etc/assay/plans", "readOnly": True}
    volumes = objects.one("Deployment", "assay")["spec"]["template"]["spec"]["volumes"]
    plans = next(volume for volume in volumes if volume["name"] == "plans")
    assert plans["projected"]["sources"] == [{"configMap": {"name": "assay-plans"}}, {"configMap": {"name": "team"}}]
    assert settings_file(objects)["plans.directory"] == "/etc/assay/plans"


# MARK: secrets


@pytest.mark.parametrize("name", ["everything-on"])
def test_secrets_are_only_in_secrets(chart, name):
    values = values_of(name)
    inline = {entry["value"] for entry in values["secrets"].values() if entry.get("value")} - {"assay"}
    assert len(inline) >= 6
    encoded = {base64.b64encode(value.encode()).decode() for value in inline}
    for document in chart.objects(values):
        text = str(document)
        assert not [value for value in inline if value in text], document["metadata"]["name"]
        if document["kind"] != "Secret":
            assert not [value for value in encoded if value in text], document["metadata"]["name"]
    secret = chart.objects(values).one("Secret", "canary-judge-secrets")["data"]
    assert encoded <= set(secret.values())
    assert "inline-" not in chart.notes(values)


def test_each_pod_gets_only_the_secrets_of_its_roles(chart):
    objects = chart.objects(values_of("split-roles"))
    own = {
        deployment["metadata"]["name"]: {
            name
            for name in environment(deployment["spec"]["template"]["spec"]["containers"][0])
            if name.endswith("_FILE")
        }
        for deployment in objects.of("Deployment")
    }
    assert own == {
        "assay-front": {"DATABASE_URL_FILE", "WEB_TOKEN_FILE"},
        "assay-engine": {"DATABASE_URL_FILE", "PROMETHEUS_PASSWORD_FILE"},
        "assay-relay": {"DATABASE_URL_FILE", "GRAFANA_TOKEN_FILE", "WEBHOOK_BEARER_TOKEN_FILE"},
        "assay-rollout": {"ROLLOUT_WEBHOOK_TOKEN_FILE"},
    }
    engine = objects.one("Deployment", "assay-engine")["spec"]["template"]["spec"]
    secrets = next(volume for volume in engine["volumes"] if volume["name"] == "secrets")["projected"]
    assert secrets["defaultMode"] == 0o440
    assert [(s["secret"]["name"], s["secret"]["items"]) for s in secrets["sources"]] == [
        ("postgres", [{"key": "url", "path": "database-url"}]),
        ("prometheus", [{"key": "password", "path": "prometheus-password"}]),
    ]


def test_files_that_variables_name_are_mounted(chart):
    for name in NAMES:
        for label, pod in chart.objects(values_of(name)).pods:
            files = {
                item["path"]
                for volume in pod["spec"].get("volumes", [])
                if volume["name"] == "secrets"
                for source in volume["projected"]["sources"]
                for entry in source.values()
                for item in entry["items"]
            }
            for entry in pod["spec"]["containers"]:
                if entry["name"] not in ("assay", "migrate"):
                    continue
                named = re.findall(r"/etc/assay/secrets/([a-z.-]+)'", str(entry.get("env", [])))
                assert set(named) == files, label
                mounts = [mount for mount in entry.get("volumeMounts", []) if mount["name"] == "secrets"]
                assert bool(mounts) == bool(files) and not any("subPath" in mount for mount in mounts), label


def test_certificates_of_postgres_mean_verification(chart):
    variables = environment(container(chart.objects(values_of("external-secrets"))))
    assert variables["PGSSLROOTCERT"]["value"] == "/etc/assay/secrets/database-ca.crt"
    assert variables["PGSSLMODE"]["value"] == "verify-full"


# MARK: migration


def test_the_hook_has_all_it_needs_before_it_runs(chart):
    values = {**values_of("everything-on"), "fullnameOverride": ""}
    objects = chart.objects(values)
    hooks = {
        (d["kind"], d["metadata"]["name"]): int(d["metadata"]["annotations"]["helm.sh/hook-weight"])
        for d in objects
        if d["metadata"].get("annotations", {}).get("helm.sh/hook") == "pre-install,pre-upgrade"
    }
    assert set(hooks) == {
        (kind, "assay-migrate") for kind in ("ServiceAccount", "Secret", "NetworkPolicy", "Job")
    }
    assert all(weight < hooks["Job", "assay-migrate"] for (kind, _), weight in hooks.items() if kind != "Job")
    spec = objects.one("Job", "assay-migrate")["spec"]["template"]["spec"]
    assert spec["serviceAccountName"] == "assay-migrate"
    assert spec["containers"][0]["args"] == ["migrate"]
    used = set(re.findall(r"'(?:secret|configMap|configMapRef)': {[^}]*'name': '([^']+)'", str(spec)))
    assert used <= {"assay-migrate", "company-ca", "proxy"}
    assert objects.one("Secret", "assay-migrate")["data"].keys() == {"databasePassword"}


def test_migration_is_for_postgres(chart):
    assert chart.objects({"settings": KAFKA}).of("Job") == []
    assert chart.objects({**REPLICATED, "migration": {"mode": "none"}}).of("Job") == []
    inside = chart.objects({**REPLICATED, "migration": {"mode": "initContainer"}})
    assert inside.of("Job") == []
    first = inside.one("Deployment", "assay")["spec"]["template"]["spec"]["initContainers"][0]
    assert (first["name"], first["args"]) == ("migrate", ["migrate"])
    assert environment(first)["DATABASE_URL"]["value"] == "postgres://assay@db/assay"


# MARK: rights


def test_rights_of_the_actuator(chart):
    objects = chart.objects(ARGO)
    assert [role["metadata"]["namespace"] for role in objects.of("Role")] == ["shop", "payments"]
    for role, binding in zip(objects.of("Role"), objects.of("RoleBinding"), strict=True):
        assert role["rules"] == [
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get", "patch"]},
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts/status"], "verbs": ["patch"]},
        ]
        assert binding["metadata"]["namespace"] == role["metadata"]["namespace"]
        assert binding["roleRef"]["name"] == role["metadata"]["name"]
        assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "assay-rollout", "namespace": "canary"}]
    assert settings_file(objects, "assay-rollout-settings")["rollout.namespace"] == "shop"


def test_cluster_wide_rights_of_two_releases_stay_apart(chart):
    values = {**ARGO, "rollout": {"enabled": True, "rbac": {"clusterWide": True}}}
    names = {chart.objects(values, namespace=space).of("ClusterRole")[0]["metadata"]["name"] for space in ("a", "b")}
    assert len(names) == 2
    binding = chart.objects(values).of("ClusterRoleBinding")[0]
    assert "namespace" not in binding["metadata"] and binding["roleRef"]["kind"] == "ClusterRole"


@pytest.mark.parametrize(
    "values",
    [
        {"settings": {**KAFKA, "rollout": {"webhookUrl": "http://x"}}, "rollout": {"enabled": True}},
        {**ARGO, "settings": {**ARGO["settings"], "kubernetes": {"url": "https://other:6443"}}},
        {**ARGO, "rollout": {"enabled": True, "rbac": {"create": False}}},
    ],
    ids=["webhook", "another cluster", "made elsewhere"],
)
def test_no_rights_where_none_are_needed(chart, values):
    objects = chart.objects(values)
    assert [d["kind"] for d in objects if "Role" in d["kind"]] == []


# MARK: scaling


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


# MARK: network


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
    assert policy["ingress"][0]["from"][1]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
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


def test_an_ingress_shows_no_metrics_by_default(chart):
    paths = chart.objects(values_of("sqlite-persistent")).of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"]
    assert [path["path"] for path in paths] == ["/v1"]
    assert paths[0]["backend"]["service"] == {"name": "assay", "port": {"name": "http"}}


# MARK: what is seen


def test_the_monitor_finds_its_service(chart):
    objects = chart.objects(values_of("split-roles"))
    monitor = objects.one("ServiceMonitor", "assay")["spec"]
    found = [s for s in objects.of("Service") if matches(monitor["selector"]["matchLabels"], s["metadata"]["labels"])]
    assert [service["metadata"]["name"] for service in found] == ["assay-metrics"]
    assert monitor["endpoints"][0]["port"] in [port["name"] for port in found[0]["spec"]["ports"]]
    pods = chart.objects(values_of("rollout-controller-only"))
    selector = pods.one("PodMonitor", "assay")["spec"]["selector"]["matchLabels"]
    assert [label for label, pod in pods.pods if matches(selector, pod["metadata"]["labels"])] == ["Deployment assay-rollout"]


NOTES = [
    ({}, ["the broker is inside the pod", "goes with the pod", "settings.prometheus.url is empty", "no plans", "no authentication"]),
    (values_of("production"), []),
    ({}, ["image.repository is assay"]),
    ({"persistence": {"enabled": True}}, ["Back the volume up"]),
    ({"networkPolicy": {"enabled": True}, "service": {"type": "NodePort"}}, ["You expose the HTTP API"]),
    ({**ARGO, "rollout": {"enabled": True, "rbac": {"clusterWide": True}}}, ["Better name namespaces"]),
    ({**REPLICATED, "migration": {"mode": "none"}}, ["run `assay migrate`"]),
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
