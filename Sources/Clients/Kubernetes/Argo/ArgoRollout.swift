/// What an Argo Rollout says of itself: what a controller outside the cluster's needs before it may act.
///
/// https://argo-rollouts.readthedocs.io/en/stable/features/specification/
package struct ArgoRollout: Sendable, Equatable {
    /// What a canary step does.
    package enum Step: String, Sendable, Equatable, CaseIterable {
        case setWeight, pause, setCanaryScale, analysis, experiment, setHeaderRoute, setMirrorRoute, plugin
        case other

        /// Whether the step runs until something measured has ended; promoting is then going on to the next.
        package var isAnalysis: Bool { self == .analysis || self == .experiment }
    }

    package struct Container: Sendable, Equatable {
        package var name: String
        package var image: String

        package init(name: String, image: String) {
            self.name = name
            self.image = image
        }
    }

    package var namespace: String
    package var name: String
    package var uid: String?
    package var resourceVersion: String
    package var generation: Int64?
    package var isBeingDeleted = false
    package var annotations: [String: String] = [:]
    package var observedGeneration: Int64?
    /// The label value `rollouts-pod-template-hash` of the newest pods.
    package var currentPodHash: String?
    /// The hash of the pods that are trusted; nil during the first deployment.
    package var stableRS: String?
    /// `Healthy`, `Degraded`, `Progressing` or `Paused`.
    package var phase: String?
    package var message: String?
    package var abort = false
    package var promoteFull = false
    /// The reasons of the pause conditions, for example `CanaryPauseStep`.
    package var pauseReasons: [String] = []
    package var controllerPause = false
    /// `spec.paused`: paused by a person, whatever the steps say.
    package var isSpecPaused = false
    /// Whether the strategy is canary; otherwise it is blue-green.
    package var isCanary = false
    package var steps: [Step] = []
    /// From 0; the number of steps when all are done. Nil where there are no steps.
    package var currentStepIndex: Int?
    /// What the steps of `setWeight` set, by their index.
    package var stepWeights: [Int: Int] = [:]
    /// The pauses that end by themselves, by their index.
    package var timedPauses: Set<Int> = []
    /// When the newest pause condition began, as RFC 3339; nil while there is none.
    package var pausedSince: String?
    /// When the last pause ended, as RFC 3339; nil while it is paused, and before the first pause.
    package var resumedAt: String?
    /// Percent of traffic that the router sends to the new version; nil without a router.
    package var routedWeight: Int?
    /// How the analysis of the current step stands, for example `Running`.
    package var stepAnalysisPhase: String?
    /// Of the pod template; empty when the template is another object's (`spec.workloadRef`).
    package var containers: [Container] = []

    package init(namespace: String, name: String, resourceVersion: String) {
        self.namespace = namespace
        self.name = name
        self.resourceVersion = resourceVersion
    }
}

extension ArgoRollout {
    private static let inconclusiveAnalysis = "InconclusiveAnalysisRun"
    private static let inconclusiveExperiment = "InconclusiveExperiment"

    package var stepCount: Int { steps.count }

    package var hasPauseConditions: Bool { !pauseReasons.isEmpty }

    /// Whether it is the current step that ended without a clear result.
    ///
    /// An inconclusive analysis in the background pauses at any step; the step's own analysis has a phase of its own
    /// then. Experiments are steps only.
    package var isStepInconclusive: Bool {
        switch currentStep {
        case .analysis:
            pauseReasons.contains(Self.inconclusiveAnalysis)
                && stepAnalysisPhase ?? "Inconclusive" == "Inconclusive"
        case .experiment: pauseReasons.contains(Self.inconclusiveExperiment)
        default: false
        }
    }

    /// Whether the status is about the specification as it is now, and not about an earlier one.
    package var isObserved: Bool { generation != nil && generation == observedGeneration }

    /// Whether the newest version is also the trusted one: nothing is being rolled out.
    package var isFullyPromoted: Bool { currentPodHash != nil && currentPodHash == stableRS }

    /// The step being carried out; nil when there are none or all are done.
    package var currentStep: Step? {
        guard let currentStepIndex, steps.indices.contains(currentStepIndex) else { return nil }
        return steps[currentStepIndex]
    }

    /// Percent of traffic that the current step gives the new version; nil where no step says.
    package var currentWeight: Int? {
        guard let currentStepIndex else { return routedWeight }
        guard currentStepIndex < stepCount else { return 100 }
        return stepWeights.filter { $0.key <= currentStepIndex }.max { $0.key < $1.key }?.value ?? routedWeight
    }

    /// Whether a pause that only a promotion ends lies behind: a person or a controller has promoted this revision.
    package var isPastAPause: Bool {
        guard let currentStepIndex else { return false }
        return steps.indices.contains { $0 < currentStepIndex && steps[$0] == .pause && !timedPauses.contains($0) }
    }

    package var images: [String] { containers.map(\.image) }
}
