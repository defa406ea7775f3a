"""The schema of the chart's `settings`: every key of the program that is not the chart's own."""

import json
import re

# Among the secrets of the program, but given here without its password.
ADMITTED = {"database.url"}

# What the chart writes itself, or what a pod has no use for.
OWNED = {
    "roles",
    "web.host",
    "web.port",
    "web.portFile",
    "web.probesHost",
    "web.probesPort",
    "web.probesPortFile",
    "plans.directory",
    "store.path",
    "kafka.embedded",
}

# Properties of librdkafka that the program manages itself, or that are secrets.
REFUSED_KAFKA_PROPERTIES = [
    "bootstrap.servers",
    "client.id",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "enable.partition.eof",
    "group.id",
    "metadata.broker.list",
    "sasl.oauthbearer.client.secret",
    "sasl.password",
    "ssl.key.password",
    "ssl.key.pem",
    "ssl.keystore.password",
    "transactional.id",
]

DURATION = {"type": "string", "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2}
ADDRESS = {"type": "string", "pattern": "^(https?://[^/].*)?$"}
NAMES = {"type": ["array", "string"], "items": {"type": "string", "minLength": 1}}
ACTIONS = {"enum": ["promote", "advance", "hold", "abort", "none"]}

SPECIAL = {
    "kafka.brokers": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[^\\s,/@]+:[0-9]{1,5}$"},
        "uniqueItems": True,
    },
    "log.level": {"enum": ["trace", "debug", "info", "notice", "warning", "error", "critical"]},
    "log.format": {"enum": ["json", "text"]},
    "database.connections": {"type": "integer", "minimum": 2, "maximum": 100},
    # A password has no place in a ConfigMap.
    "database.url": {
        "type": "string",
        "pattern": "^(postgres(ql)?://([^:@/]*@)?[^@]*|([a-z_]+ *= *[^ ]+ *)+)?$",
        "not": {"pattern": "(^|[ ?&])(ssl)?password *="},
    },
    "engine.concurrency": {"type": "integer", "minimum": 1, "maximum": 4096},
    "database.maximumBytes": {"type": "integer", "minimum": 16777216, "maximum": 1125899906842624},
    "engine.maximumAnalyses": {"type": "integer", "minimum": 1, "maximum": 1000000},
    "engine.maximumAnalysesPerSource": {"type": "integer", "minimum": 1, "maximum": 1000000},
    "prometheus.maximumAnswerBytes": {"type": "integer", "minimum": 65536, "maximum": 268435456},
    "prometheus.maximumBytesHeld": {"type": "integer", "minimum": 1048576, "maximum": 4294967296},
    "prometheus.concurrency": {"type": "integer", "minimum": 1, "maximum": 256},
    "prometheus.parameters": {"type": "string", "pattern": "^([^=&]+=[^&]*(&[^=&]+=[^&]*)*)?$"},
    "rollout.actuator": {"enum": ["webhook", "argo-rollout"]},
    "rollout.onPass": ACTIONS,
    "rollout.onMarginal": ACTIONS,
    "rollout.onFail": ACTIONS,
    "rollout.onInconclusive": {"enum": ["hold", "none"]},
    "rollout.applications": NAMES,
    "rollout.environments": NAMES,
    "rollout.clusters": NAMES,
    "rollout.namespaces": NAMES,
    "rollout.sources": NAMES,
    "rollout.plans": NAMES,
    "rollout.source": {"enum": ["kafka", "http"]},
    "web.publicReads": {"enum": ["none", "summary", "all"]},
    "rollout.startAt": {"enum": ["end", "beginning"]},
}


def catalog(reference: str) -> dict[str, dict]:
    """The settings of `assay settings`: default, meaning and whether it is a secret, by key."""
    # Those of `emit` and `wait` alone have no place in a pod.
    sections = [
        part for part in reference.split("### ") if re.search("`(serve|rollout|migrate)`", part.partition("\n")[0])
    ]
    row = re.compile(r"^\| `--[^|]*\| `[A-Z_]+` \| `([^`]+)` \|([^|]*)\| (.*) \|$", re.MULTILINE)
    rows = [cells for section in sections for cells in row.findall(section)]
    assert len(rows) > 50, "the table of `assay settings` is not read rightly"
    return {
        key: {"default": default.strip().strip("`") or None, "secret": meaning.endswith("Secret."), "meaning": meaning}
        for key, default, meaning in rows
    }


def accepted(settings: dict[str, dict]) -> list[str]:
    """What may be given in the values: no secret, nothing of the chart's own."""
    return [key for key, setting in settings.items() if key in ADMITTED or (key not in OWNED and not setting["secret"])]


def schema(settings: dict[str, dict]) -> dict:
    """The definition of `settings` in values.schema.json."""
    root: dict = {"type": "object", "additionalProperties": False, "properties": {}}
    for key in accepted(settings):
        node = root
        *sections, last = key.split(".")
        for section in sections:
            node = node["properties"].setdefault(
                section, {"type": "object", "additionalProperties": False, "properties": {}}
            )
        node["properties"][last] = {"description": settings[key]["meaning"].replace("`", "")} | kind(
            key, settings[key]["default"]
        )
    kafka = root["properties"]["kafka"]
    for name in REFUSED_KAFKA_PROPERTIES:
        kafka["properties"][name] = False
    # Names of librdkafka have a dot or an underscore; that keeps misspelled settings of ours out.
    kafka["patternProperties"] = {"^[a-z0-9]+([._][a-z0-9]+)+$": {"type": ["string", "number", "boolean"]}}
    return root


def kind(key: str, default: str | None) -> dict:
    if key in SPECIAL:
        return SPECIAL[key]
    if default in ("true", "false"):
        return {"type": "boolean"}
    if default and re.fullmatch(DURATION["pattern"], default):
        return DURATION
    if default and default.isdigit():
        return {"type": "integer", "minimum": 0}
    if key.endswith((".url", "Url")):
        return ADDRESS
    return {"type": "string"}


def formatted(value, indent: int = 0, taken: int = 0, width: int = 120) -> str:
    """JSON with what fits on a line on one line. `taken` is the width of what stands before it and after it."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + taken + len(line) <= width or not isinstance(value, (dict, list)) or not value:
        return line
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(value, list):
        parts = [formatted(part, indent + 2, 1) for part in value]
        return "[\n" + ",\n".join(inner + part for part in parts) + f"\n{outer}]"
    keys = {json.dumps(key, ensure_ascii=False): part for key, part in value.items()}
    parts = [f"{key}: {formatted(part, indent + 2, len(key) + 3)}" for key, part in keys.items()]
    return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{outer}}}"
