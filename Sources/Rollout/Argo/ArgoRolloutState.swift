import EventFormats

/// What a decision needs to know of an Argo Rollout object.
///
/// Fields as of `argoproj.io/v1alpha1`; `observedGeneration` is a string there.
struct ArgoRolloutState: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case pause
        /// An analysis or an experiment: both block until they end.
        case analysis
        /// Everything that goes on by itself.
        case other
    }

    var resourceVersion: String
    var generation: Int64
    var observedGeneration: String
    /// The pod template hash of the revision that is being rolled out.
    var currentPodHash: String
    /// The pod template hash of the revision that has all traffic when nothing is being rolled out.
    var stablePodHash: String
    var isAborted: Bool
    var isPromotedInFull: Bool
    /// Paused by a person (`spec.paused`).
    var isPausedBySpec: Bool
    /// Paused by the controller, and why.
    var isPausedByController: Bool
    var pauseReasons: [String]
    var stepIndex: Int?
    var steps: [Step]
    /// Empty when the pods are described elsewhere (`spec.workloadRef`).
    var images: [String]
    /// What the promotion mark says; see ``ArgoPromotionMark``.
    var mark: String?

    /// Nil when the object lacks what every Rollout has.
    init?(json: [UInt8]) {
        guard let object = try? JSONParser.parse(json, maximumDepth: 64).object,
            let metadata = object["metadata"]?.object, let resourceVersion = metadata["resourceVersion"]?.text,
            let generation = metadata["generation"]?.integer, let spec = object["spec"]?.object
        else { return nil }
        let status = object["status"]?.object ?? JSONObject()
        self.resourceVersion = resourceVersion
        self.generation = generation
        observedGeneration = status["observedGeneration"]?.text ?? ""
        currentPodHash = status["currentPodHash"]?.text ?? ""
        stablePodHash = status["stableRS"]?.text ?? ""
        isAborted = status["abort"] == .bool(true)
        isPromotedInFull = status["promoteFull"] == .bool(true)
        isPausedBySpec = spec["paused"] == .bool(true)
        isPausedByController = status["controllerPause"] == .bool(true)
        pauseReasons = (status["pauseConditions"]?.elements ?? []).map { $0.object?["reason"]?.text ?? "" }
        stepIndex = status["currentStepIndex"]?.integer.flatMap { Int(exactly: $0) }
        steps = (spec["strategy"]?.object?["canary"]?.object?["steps"]?.elements ?? []).map(Self.step)
        let pods = spec["template"]?.object?["spec"]?.object
        images = (pods?["containers"]?.elements ?? []).compactMap { $0.object?["image"]?.text }
        mark = metadata["annotations"]?.object?[ArgoPromotionMark.annotation]?.text
    }

    private static func step(_ value: JSONValue) -> Step {
        guard let step = value.object else { return .other }
        if step["pause"] != nil { return .pause }
        return step["analysis"] != nil || step["experiment"] != nil ? .analysis : .other
    }

    /// The step that is being carried out; nil when all are done.
    var currentStep: Step? {
        guard let stepIndex, steps.indices.contains(stepIndex) else { return nil }
        return steps[stepIndex]
    }

    /// An analysis of Argo's own ended without a result, and Argo waits for somebody to decide.
    var isInconclusive: Bool {
        isPausedByController
            && pauseReasons.contains { $0 == "InconclusiveAnalysisRun" || $0 == "InconclusiveExperiment" }
    }
}

extension JSONValue {
    fileprivate var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }
}
