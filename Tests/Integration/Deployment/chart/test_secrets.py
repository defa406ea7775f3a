"""How secrets reach the containers that use them, and no others; the migration; rights on the Kubernetes API."""

import base64
import re

import pytest

from chart.reading import ARGO, KAFKA, REPLICATED, container, environment, settings_file
from chart.rendering import NAMES, values_of


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
        "assay-front": {"ASSAY_DATABASE_URL_FILE", "ASSAY_WEB_TOKEN_FILE"},
        "assay-engine": {"ASSAY_DATABASE_URL_FILE", "ASSAY_PROMETHEUS_PASSWORD_FILE"},
        "assay-relay": {"ASSAY_DATABASE_URL_FILE", "ASSAY_GRAFANA_TOKEN_FILE", "ASSAY_WEBHOOK_BEARER_TOKEN_FILE"},
        "assay-rollout": {"ASSAY_ROLLOUT_WEBHOOK_TOKEN_FILE"},
    }
    engine = objects.one("Deployment", "assay-engine")["spec"]["template"]["spec"]
    secrets = next(volume for volume in engine["volumes"] if volume["name"] == "secrets")["projected"]
    assert secrets["defaultMode"] == 0o440
    assert [(s["secret"]["name"], s["secret"]["items"]) for s in secrets["sources"]] == [
        ("postgres", [{"key": "url", "path": "database-url"}]),
        ("prometheus", [{"key": "password", "path": "prometheus-password"}]),
    ]


def test_the_controller_over_http_has_the_token_of_the_service(chart):
    objects = chart.objects(
        {
            **REPLICATED,
            "rollout": {"enabled": True},
            "settings": {
                **REPLICATED["settings"],
                "assay": {"url": "https://assay.example.com"},
                "rollout": {"source": "http", "webhookUrl": "https://deployer.example.com/actions"},
            },
            "secrets": {
                **REPLICATED.get("secrets", {}),
                "assayToken": {"existingSecret": "assay-api"},
                "assayCa": {"existingConfigMap": "company-ca"},
            },
        }
    )
    variables = environment(container(objects, "assay-rollout"))
    assert variables["ASSAY_TOKEN_FILE"]["value"] == "/etc/assay/secrets/assay-token"
    assert variables["ASSAY_CA_FILE"]["value"] == "/etc/assay/secrets/assay-ca.crt"
    assert "ASSAY_TOKEN_FILE" not in environment(container(objects, "assay"))
    assert settings_file(objects, "assay-rollout-settings")["assay.url"] == "https://assay.example.com"


def test_a_token_is_made_where_none_is_given(chart):
    objects = chart.objects({})
    token = base64.b64decode(objects.one("Secret", "assay-web-token")["data"]["token"]).decode()
    assert re.fullmatch("[A-Za-z0-9]{43}", token)
    assert environment(container(objects))["ASSAY_WEB_TOKEN_FILE"]["value"] == "/etc/assay/secrets/web-token"
    assert token not in str([document for document in objects if document["kind"] != "Secret"])
    notes = chart.notes()
    assert "get secret assay-web-token --output jsonpath='{.data.token}'" in notes
    assert 'curl -H "Authorization: Bearer $TOKEN"' in notes and "no authentication" not in notes


@pytest.mark.parametrize(
    "values, secret, key",
    [
        ({"secrets": {"webToken": {"existingSecret": "api", "key": "web.token"}}}, "api", "web\\.token"),
        ({"secrets": {"webToken": {"value": "inline-web-token"}}}, "assay-secrets", "webToken"),
    ],
    ids=["existing", "inline"],
)
def test_no_token_is_made_where_one_is_given(chart, values, secret, key):
    assert not [d for d in chart.objects(values).of("Secret") if d["metadata"]["name"] == "assay-web-token"]
    assert f"get secret {secret} --output jsonpath='{{.data.{key}}}'" in chart.notes(values)


def test_the_opt_out_of_the_token_is_said(chart):
    values = {"settings": {"web": {"allowWithoutToken": True}}}
    objects = chart.objects(values)
    assert objects.of("Secret") == []
    assert "ASSAY_WEB_TOKEN_FILE" not in environment(container(objects))
    assert settings_file(objects)["web.allowWithoutToken"] == "true"
    assert "(settings.web.allowWithoutToken)" in chart.notes(values) and "TOKEN=" not in chart.notes(values)


def test_a_controller_of_the_same_release_has_its_token(chart):
    def controller(url, **secrets):
        values = {
            **REPLICATED,
            "rollout": {"enabled": True},
            "settings": {
                **REPLICATED["settings"],
                "assay": {"url": url},
                "rollout": {"source": "http", "webhookUrl": "https://deployer.example.com/actions"},
            },
            "secrets": {**REPLICATED.get("secrets", {}), **secrets},
        }
        pod = chart.objects(values).one("Deployment", "assay-rollout")["spec"]["template"]["spec"]
        return [
            (source["secret"]["name"], source["secret"]["items"])
            for volume in pod["volumes"]
            if volume["name"] == "secrets"
            for source in volume["projected"]["sources"]
        ]

    def token(name, key):
        return (name, [{"key": key, "path": "assay-token"}])

    own = "http://assay.canary.svc:8080"
    for url in [own, "http://assay:8080", "http://assay.canary/", "http://assay.canary.svc.cluster.local:8080"]:
        assert token("assay-web-token", "token") in controller(url)
    assert token("api", "token") in controller(own, webToken={"existingSecret": "api"})
    assert token("other", "token") in controller(own, assayToken={"existingSecret": "other"})
    # A token is nothing for a service that others run.
    for url in ["https://assay.example.com", "http://assay.other.svc:8080", "http://assay.canary.example.com"]:
        assert token("assay-web-token", "token") not in controller(url)


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


def test_the_hook_has_all_it_needs_before_it_runs(chart):
    values = {**values_of("everything-on"), "fullnameOverride": ""}
    objects = chart.objects(values)
    hooks = {
        (d["kind"], d["metadata"]["name"]): int(d["metadata"]["annotations"]["helm.sh/hook-weight"])
        for d in objects
        if d["metadata"].get("annotations", {}).get("helm.sh/hook") == "pre-install,pre-upgrade"
    }
    assert set(hooks) == {(kind, "assay-migrate") for kind in ("ServiceAccount", "Secret", "NetworkPolicy", "Job")}
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


def test_rights_of_the_actuator(chart):
    objects = chart.objects(ARGO)
    assert [role["metadata"]["namespace"] for role in objects.of("Role")] == ["shop", "payments"]
    for role, binding in zip(objects.of("Role"), objects.of("RoleBinding"), strict=True):
        assert role["rules"] == [
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get", "patch"]},
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts/status"], "verbs": ["patch"]},
            {"apiGroups": [""], "resources": ["events"], "verbs": ["create"]},
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
