import Analysis
import EventFormats
import Rollout

extension SettingsCatalog {
    package static let rollout: [Setting] = [
        Setting(
            key: .rolloutSource,
            kind: .choice(RolloutSource.allCases.map(\.rawValue)),
            meaning:
                "Where verdicts come from and actions are told: the topics (kafka), or the service at assay.url (http).",
            defaultText: "kafka",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutGroupId,
            meaning: "Consumer group of the verdict topic; over HTTP the name under which the service keeps the place.",
            defaultText: "assay-rollout",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutActuator,
            kind: .choice(RolloutProcess.ActuatorName.allCases.map(\.rawValue)),
            meaning: "What acts: webhook or argo-rollout.",
            defaultText: "webhook",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutApplications,
            kind: .list,
            meaning: "Applications to act on (patterns with `*`).",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutEnvironments,
            kind: .list,
            meaning: "Environments to act on (patterns with `*`).",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutClusters,
            kind: .list,
            meaning:
                "Clusters to act on (patterns with `*`). Without it, the Argo actuator acts on verdicts that name none.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutUnnamedCluster,
            kind: .truth,
            meaning: "With `rollout.clusters`: act on verdicts that name no cluster too.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutNamespaces,
            kind: .list,
            meaning: "Namespaces to act on (patterns with `*`). A verdict that names none counts.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutMaximumVerdictAge,
            kind: .time(atLeast: .zero),
            meaning: "A verdict that was decided longer ago leads to nothing; 0s sets no limit.",
            defaultText: "6h",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutSources,
            kind: .list,
            meaning:
                "CloudEvents sources (`source` of `serve`) whose verdicts are believed (patterns with `*`); others are passed over.",
            defaultText: verdictSource,
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutVerificationKeysFile,
            kind: .secretFile,
            meaning:
                "File with public keys (Ed25519, PEM, one or several): only verdicts that are signed with one of them are"
                + " believed, by `rollout`, `wait` and `emit --wait`.",
            readers: [.pipeline, .rollout]
        ),
        Setting(
            key: .rolloutPlans,
            kind: .list,
            meaning: "Plans to act by (patterns with `*`); a verdict by another plan leads to hold.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutPlansFromEvents,
            kind: .truth,
            meaning: "Act by plans that came with a deploy event too. Its sender then decides what passes.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutWorkloads,
            kind: .list,
            meaning:
                "Workloads of other names than their application's that may be changed, as `application=workload` (patterns"
                + " with `*`). A verdict about another one leads to hold.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutPassOverUnreadable,
            kind: .truth,
            meaning:
                "Act although a part of the rollouts topic cannot be decompressed or parsed: what the controller did there is"
                + " forgotten. Without it, the controller does not act until that part has been deleted.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutStartAt,
            kind: .choice(RolloutStart.allCases.map(\.rawValue)),
            meaning: "Where a group without a stored place begins: at the end of the verdicts, or at their beginning.",
            defaultText: "end",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutOnPass,
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on pass: promote, abort, hold or none.",
            defaultText: "promote",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutOnMarginal,
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on marginal.",
            defaultText: "hold",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutOnFail,
            kind: .choice(ActionKind.allCases.map(\.rawValue)),
            meaning: "Action on fail.",
            defaultText: "abort",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutOnInconclusive,
            kind: .choice([ActionKind.hold.rawValue, ActionKind.none.rawValue]),
            meaning: "Action on inconclusive: hold or none.",
            defaultText: "hold",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutDryRun,
            kind: .truth,
            meaning: "Decide and publish, but do nothing.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutWebhookUrl,
            kind: .endpoint,
            meaning: "Where the webhook actuator posts actions.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutWebhookToken,
            meaning: "Bearer token for the webhook actuator.",
            isSecret: true,
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutWebhookTokenFile,
            kind: .secretFile,
            meaning: "File with that token.",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutNamespace,
            meaning: "Namespace of Argo Rollouts whose verdict names none.",
            defaultText: "default",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutPromoteFull,
            kind: .truth,
            meaning: "Promote past all remaining steps instead of to the next one.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .rolloutAllowUnguarded,
            kind: .truth,
            meaning: "Act on verdicts that name no revision.",
            defaultText: "false",
            readers: [.rollout]
        ),
        Setting(
            key: .kubernetesUrl,
            kind: .address,
            meaning: "API server; the cluster this process runs in without it.",
            readers: [.rollout]
        ),
        Setting(key: .kubernetesToken, meaning: "Bearer token for it.", isSecret: true, readers: [.rollout]),
        Setting(key: .kubernetesTokenFile, kind: .secretFile, meaning: "File with that token.", readers: [.rollout]),
    ]
}
