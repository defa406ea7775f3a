import EventFormats
import Rollout

extension SettingsCatalog {
    package static let rollout: [Setting] = [
        Setting(
            key: "rollout.source",
            kind: .choice(RolloutSource.allCases.map(\.rawValue)),
            meaning:
                "Where verdicts come from and actions are told: the topics (kafka), or the service at assay.url (http).",
            defaultText: "kafka",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.groupId",
            meaning: "Consumer group of the verdict topic; over HTTP the name under which the service keeps the place.",
            defaultText: "assay-rollout",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.actuator",
            kind: .choice(RolloutProcess.ActuatorName.allCases.map(\.rawValue)),
            meaning: "What acts: webhook or argo-rollout.",
            defaultText: "webhook",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.applications",
            kind: .list,
            meaning: "Applications to act on (patterns with `*`).",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.environments",
            kind: .list,
            meaning: "Environments to act on (patterns with `*`).",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.clusters",
            kind: .list,
            meaning:
                "Clusters to act on (patterns with `*`). Without it, the Argo actuator acts on verdicts that name none.",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.unnamedCluster",
            kind: .truth,
            meaning: "With `rollout.clusters`: act on verdicts that name no cluster too.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.namespaces",
            kind: .list,
            meaning: "Namespaces to act on (patterns with `*`). A verdict that names none counts.",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.maximumVerdictAge",
            kind: .time(),
            meaning: "A verdict that was decided longer ago leads to nothing; 0s sets no limit.",
            defaultText: "6h",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.startAt",
            kind: .choice(RolloutStart.allCases.map(\.rawValue)),
            meaning: "Where a group without a stored place begins: at the end of the verdicts, or at their beginning.",
            defaultText: "end",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.onPass",
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on pass: promote, abort, hold or none.",
            defaultText: "promote",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.onMarginal",
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on marginal.",
            defaultText: "hold",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.onFail",
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on fail.",
            defaultText: "abort",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.onInconclusive",
            kind: .choice([ActionKind.hold.rawValue, ActionKind.none.rawValue]),
            meaning: "Action on inconclusive: hold or none.",
            defaultText: "hold",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.dryRun",
            kind: .truth,
            meaning: "Decide and publish, but do nothing.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.webhookUrl",
            kind: .endpoint,
            meaning: "Where the webhook actuator posts actions.",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.webhookToken",
            meaning: "Bearer token for the webhook actuator.",
            isSecret: true,
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.webhookTokenFile",
            kind: .secretFile,
            meaning: "File with that token.",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.namespace",
            meaning: "Namespace of Argo Rollouts whose verdict names none.",
            defaultText: "default",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.promoteFull",
            kind: .truth,
            meaning: "Promote past all remaining steps instead of to the next one.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: "rollout.allowUnguarded",
            kind: .truth,
            meaning: "Act on verdicts that name no revision.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: "kubernetes.url",
            kind: .address,
            meaning: "API server; the cluster this process runs in without it.",
            readers: [.rollout]
        ),
        Setting(key: "kubernetes.token", meaning: "Bearer token for it.", isSecret: true, readers: [.rollout]),
        Setting(key: "kubernetes.tokenFile", kind: .secretFile, meaning: "File with that token.", readers: [.rollout]),
    ]
}
