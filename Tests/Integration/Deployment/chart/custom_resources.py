"""Schemas of the kinds that operators define, after their public documentation: of the fields that the chart uses.

- Prometheus operator: https://prometheus-operator.dev/docs/api-reference/api/ (monitoring.coreos.com/v1)
- KEDA: https://keda.sh/docs/2.17/reference/scaledobject-spec/ and /docs/2.17/scalers/prometheus/ (keda.sh/v1alpha1)
- External Secrets: https://external-secrets.io/latest/api/externalsecret/ (external-secrets.io/v1)
"""


def closed(properties: dict, required: list[str] | None = None) -> dict:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required if required is not None else properties),
    }


def many(items: dict, least: int = 0) -> dict:
    return {"type": "array", "items": items, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
ANY_TEXT = {"type": "string"}
TEXTS = {"type": "object", "additionalProperties": ANY_TEXT}
COUNT = {"type": "integer", "minimum": 0}
DURATION = {
    "type": "string",
    "pattern": "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
}
SELECTOR = closed({"matchLabels": TEXTS, "matchExpressions": many({"type": "object"})}, [])
METADATA = closed(
    {
        "name": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 253},
        "namespace": TEXT,
        "labels": TEXTS,
        "annotations": TEXTS,
    },
    ["name"],
)


def resource(api_version: str, kind: str, spec: dict) -> tuple[tuple[str, str], dict]:
    schema = closed({"apiVersion": {"const": api_version}, "kind": {"const": kind}, "metadata": METADATA, "spec": spec})
    return (api_version, kind), schema


RELABELING = closed(
    {
        "sourceLabels": many(TEXT),
        "separator": ANY_TEXT,
        "targetLabel": ANY_TEXT,
        "regex": ANY_TEXT,
        "modulus": COUNT,
        "replacement": ANY_TEXT,
        "action": {
            "enum": [
                "replace",
                "keep",
                "drop",
                "hashmod",
                "labelmap",
                "labeldrop",
                "labelkeep",
                "lowercase",
                "uppercase",
                "keepequal",
                "dropequal",
            ]
        },
    },
    [],
)

ENDPOINT = closed(
    {
        "port": TEXT,
        "path": {"type": "string", "pattern": "^/"},
        "scheme": {"enum": ["http", "https"]},
        "interval": DURATION,
        "scrapeTimeout": DURATION,
        "relabelings": many(RELABELING),
        "metricRelabelings": many(RELABELING),
    },
    ["port"],
)


def monitor(endpoints: str) -> dict:
    return closed(
        {
            "jobLabel": TEXT,
            "selector": SELECTOR,
            "namespaceSelector": closed({"any": {"type": "boolean"}, "matchNames": many(TEXT)}, []),
            endpoints: many(ENDPOINT, 1),
        },
        ["selector", endpoints],
    )


RULE = {
    "oneOf": [
        closed(
            {
                "alert": TEXT,
                "expr": {"type": ["string", "integer"]},
                "for": DURATION,
                "keep_firing_for": DURATION,
                "labels": TEXTS,
                "annotations": TEXTS,
            },
            ["alert", "expr"],
        ),
        closed({"record": TEXT, "expr": {"type": ["string", "integer"]}, "labels": TEXTS}, ["record", "expr"]),
    ]
}

PROMETHEUS_RULE = closed(
    {
        "groups": many(
            closed(
                {"name": TEXT, "interval": DURATION, "limit": COUNT, "labels": TEXTS, "rules": many(RULE, 1)},
                ["name", "rules"],
            ),
            1,
        )
    }
)

SCALING_RULES = closed(
    {
        "stabilizationWindowSeconds": {"type": "integer", "minimum": 0, "maximum": 3600},
        "selectPolicy": {"enum": ["Max", "Min", "Disabled"]},
        "policies": many(
            closed({"type": {"enum": ["Pods", "Percent"]}, "value": COUNT, "periodSeconds": COUNT}),
        ),
    },
    [],
)

TRIGGER = {
    "type": "object",
    "required": ["type", "metadata"],
    "additionalProperties": False,
    "properties": {
        "type": TEXT,
        "name": TEXT,
        "metricType": {"enum": ["AverageValue", "Value", "Utilization"]},
        "metadata": TEXTS,
        "authenticationRef": closed({"name": TEXT, "kind": TEXT}, ["name"]),
    },
    "if": {"properties": {"type": {"const": "prometheus"}}},
    "then": {
        "properties": {
            "metadata": {
                "required": ["serverAddress", "query", "threshold"],
                "properties": {"threshold": {"pattern": "^[0-9.]+$"}, "serverAddress": {"pattern": "^https?://"}},
            }
        }
    },
}

SCALED_OBJECT = closed(
    {
        "scaleTargetRef": closed({"apiVersion": TEXT, "kind": TEXT, "name": TEXT}, ["name"]),
        "pollingInterval": COUNT,
        "cooldownPeriod": COUNT,
        "minReplicaCount": COUNT,
        "maxReplicaCount": COUNT,
        "advanced": closed(
            {
                "restoreToOriginalReplicaCount": {"type": "boolean"},
                "horizontalPodAutoscalerConfig": closed(
                    {"name": TEXT, "behavior": closed({"scaleUp": SCALING_RULES, "scaleDown": SCALING_RULES}, [])}, []
                ),
            },
            [],
        ),
        "triggers": many(TRIGGER, 1),
    },
    ["scaleTargetRef", "triggers"],
)

EXTERNAL_SECRET = closed(
    {
        "refreshInterval": TEXT,
        "secretStoreRef": closed({"kind": TEXT, "name": TEXT}),
        "target": closed({"name": TEXT}),
        "data": many(closed({"secretKey": TEXT, "remoteRef": closed({"key": TEXT, "property": TEXT}, ["key"])})),
    }
)

SCHEMAS = dict(
    [
        resource("monitoring.coreos.com/v1", "ServiceMonitor", monitor("endpoints")),
        resource("monitoring.coreos.com/v1", "PodMonitor", monitor("podMetricsEndpoints")),
        resource("monitoring.coreos.com/v1", "PrometheusRule", PROMETHEUS_RULE),
        resource("keda.sh/v1alpha1", "ScaledObject", SCALED_OBJECT),
        resource("external-secrets.io/v1", "ExternalSecret", EXTERNAL_SECRET),
    ]
)
