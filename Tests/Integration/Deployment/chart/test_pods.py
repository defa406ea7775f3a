"""What pods run as, with which files and settings."""

import re

import pytest
import yaml

from chart.reading import REPLICATED, container, settings_file
from chart.rendering import NAMES, values_of
from repository import CHART


@pytest.mark.parametrize("name", [None, *NAMES])
def test_pods_are_restricted(chart, name):
    """What Pod Security "restricted" asks for, and a root file system that cannot be written."""
    values = values_of(name) if name else {}
    given = [
        entry["name"] for kind in ("initContainers", "sidecars") for entry in values.get("defaults", {}).get(kind, [])
    ]
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
        "startupProbe": {"path": "/livez", "port": "probes"},
        "livenessProbe": {"path": "/livez", "port": "probes"},
        "readinessProbe": {"path": "/readyz", "port": "probes"},
    }


def test_the_image_by_tag_and_by_digest(chart):
    digest = "sha256:" + "0" * 64
    repository = "registry.example.com/assay"
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
    for image, expected in [
        ({}, f"assay:{version}"),
        ({"repository": repository, "tag": "1.2"}, f"{repository}:1.2"),
        ({"repository": repository, "tag": "1.2", "digest": digest}, f"{repository}@{digest}"),
    ]:
        assert container(chart.objects({"image": image}))["image"] == expected


def test_two_processes_never_share_a_file(chart):
    for values, strategy in [
        ({}, "Recreate"),
        ({"persistence": {"enabled": True}}, "Recreate"),
        (REPLICATED, "RollingUpdate"),
    ]:
        spec = chart.objects(values).one("Deployment", "assay")["spec"]
        assert spec["strategy"]["type"] == strategy
    assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_state_is_kept_where_asked(chart):
    def state(values):
        volumes = chart.objects(values).one("Deployment", "assay")["spec"]["template"]["spec"]["volumes"]
        return next((volume for volume in volumes if volume["name"] == "state"), None)

    assert state({}) == {"name": "state", "emptyDir": {}}
    assert state({"persistence": {"enabled": True}})["persistentVolumeClaim"] == {"claimName": "assay-state"}
    assert state({"persistence": {"enabled": True, "existingClaim": "mine"}})["persistentVolumeClaim"] == {
        "claimName": "mine"
    }
    assert state(REPLICATED) is None


def test_a_component_overrides_defaults_key_by_key(chart):
    values = {
        "defaults": {
            "resources": {"limits": {"memory": "1Gi"}},
            "podLabels": {"a": "1"},
            "tolerations": [{"key": "x"}],
        },
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


def test_settings_are_written_as_given(chart):
    settings = settings_file(chart.objects(values_of("everything-on"), name="x"), "canary-judge-settings")
    assert settings["kafka.brokers"] == "kafka-1:9093,kafka-2:9093"
    assert settings["kafka.message.max.bytes"] == "2000000"
    assert settings["kafka.socket.keepalive.enable"] == "true"
    assert settings["engine.maximumEventAge"] == "12h"
    assert (settings["web.host"], settings["web.port"]) == ("::", "9000")
    assert not [key for key in settings if key.startswith(("rollout.", "kubernetes."))]


def test_the_controller_believes_the_source_of_the_service(chart):
    def sources(settings):
        rollout = {"webhookUrl": "https://deployer.example.com/actions", **settings.pop("rollout", {})}
        values = {
            "rollout": {"enabled": True},
            "settings": {"kafka": {"brokers": ["k:9092"]}, "rollout": rollout, **settings},
        }
        return settings_file(chart.objects(values), "assay-rollout-settings").get("rollout.sources")

    assert sources({}) is None
    assert sources({"source": "/assay/eu"}) == "/assay/eu"
    assert sources({"source": "/assay/eu", "rollout": {"sources": ["/assay/*", "/other"]}}) == "/assay/*,/other"


def test_changed_settings_replace_the_pods_and_changed_plans_do_not(chart):
    def template(values):
        return chart.objects(values).one("Deployment", "assay")["spec"]["template"]

    plans = {"plans": {"files": {"a.yaml": "kind: AnalysisPlan"}}}
    assert template({}) == template(plans)
    assert template({}) != template({"settings": {"engine": {"concurrency": 65}}})
    assert template({"secrets": {"kafkaSaslPassword": {"value": "a"}}}) != template(
        {"secrets": {"kafkaSaslPassword": {"value": "b"}}}
    )


def test_plans_are_a_directory_that_changes(chart):
    objects = chart.objects({"plans": {"files": {"a.yaml": "x: 1"}, "existingConfigMaps": ["team"]}})
    mount = next(mount for mount in container(objects)["volumeMounts"] if mount["name"] == "plans")
    assert mount == {"name": "plans", "mountPath": "/etc/assay/plans", "readOnly": True}
    volumes = objects.one("Deployment", "assay")["spec"]["template"]["spec"]["volumes"]
    plans = next(volume for volume in volumes if volume["name"] == "plans")
    assert plans["projected"]["sources"] == [{"configMap": {"name": "assay-plans"}}, {"configMap": {"name": "team"}}]
    assert settings_file(objects)["plans.directory"] == "/etc/assay/plans"
