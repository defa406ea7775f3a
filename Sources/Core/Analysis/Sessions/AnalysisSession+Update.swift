extension AnalysisSession {
    /// Events that are remembered of those that repeated the release.
    static let maximumRepeats = 16

    /// Takes over what an event says that repeats the release.
    mutating func update(with newer: DeployEvent) {
        let first = event
        if newer.identity != first.identity {
            let others = (repeats ?? []).filter { $0 != newer.identity }
            repeats = Array((others + [newer.identity]).suffix(Self.maximumRepeats))
        }
        event = newer
        // What the verdict answers to, and what it is compared with, stays what opened the analysis.
        event.identity = first.identity
        event.control = first.control
        event.experiment = first.experiment
        event.inlinePlan = first.inlinePlan
        event.planName = first.planName
        event.time = first.time
        event.traceparent = first.traceparent
        event.revision = newer.revision ?? first.revision
        event.imageDigest = first.imageDigest ?? newer.imageDigest
        event.workload = first.workload ?? newer.workload
        event.namespace = newer.namespace ?? first.namespace
        event.cluster = newer.cluster ?? first.cluster
        event.zone = newer.zone ?? first.zone
        event.nodes = newer.nodes ?? first.nodes
        event.weight = newer.weight ?? first.weight
    }
}
