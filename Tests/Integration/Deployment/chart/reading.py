"""Values that many tests share, and what they read from objects."""

import re

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
