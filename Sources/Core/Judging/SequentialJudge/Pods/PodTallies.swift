/// What each pod of both sides has counted: by how much healthy pods differ, and whether one stands out.
///
/// A difference between pods lasts (their node, their shard, their age), so that no unit of time shows it: with many requests
/// it would be a regression to a test that counts requests.
struct PodTallies: Sendable, Equatable {
    /// A pod of the control against all of them at the same steps. Given the events of a step, those of a pod are binomial by
    /// its share of the requests: what hits all pods alike cancels, and pods may come and go.
    struct ControlPod: Sendable, Equatable {
        var events = 0.0
        /// What it would have had at the rate of all.
        var expected = 0.0
        /// The variance that chance gives its events.
        var variance = 0.0
        /// Requests of the analysis, without those before the release.
        var requests = 0.0
    }

    /// A pod of the new version, and the control at the same steps.
    struct ExperimentPod: Sendable, Equatable {
        var events = 0.0
        var requests = 0.0
        var controlEvents = 0.0
        var controlRequests = 0.0
    }

    var control: [String: ControlPod] = [:]
    var experiment: [String: ExperimentPod] = [:]
    /// All of both sides at the steps that counted.
    var totals = OpenUnit()
    /// Some requests are of no pod that is told apart.
    var isCut = false

    /// Pods of one side that are told apart.
    static let largestCount = CountColumn.largestGroupCount
    /// Pods of the time before the release that are remembered: there must be room for those that come.
    private static let largestHistory = 100

    /// - Parameter history: the control's time before the release.
    init(history: CountColumn?) {
        guard let history else { return }
        for step in history.requests.indices { addControl(history, step, isAnalysis: false) }
        guard control.count > Self.largestHistory else { return }
        let kept = control.sorted { ($1.value.expected, $0.key) < ($0.value.expected, $1.key) }
        control = Dictionary(uniqueKeysWithValues: kept.prefix(Self.largestHistory).map { ($0.key, $0.value) })
    }

    init(control: [String: ControlPod], experiment: [String: ExperimentPod], totals: OpenUnit, isCut: Bool) {
        self.control = control
        self.experiment = experiment
        self.totals = totals
        self.isCut = isCut
    }

    /// Takes in a step. One that a side has no requests of says nothing, as with the whole.
    mutating func fold(_ step: Int, control column: CountColumn, experiment other: CountColumn) {
        let all = (
            events: CountsComparison.value(column.events, step), requests: CountsComparison.value(column.requests, step)
        )
        let isCounted = totals.add(
            experimentEvents: CountsComparison.value(other.events, step),
            controlEvents: all.events,
            experimentRequests: CountsComparison.value(other.requests, step),
            controlRequests: all.requests
        )
        guard isCounted else { return }
        isCut = isCut || column.isCut || other.isCut
        addControl(column, step, isAnalysis: true)
        for group in other.groups {
            guard let counts = group.counts(at: step) else { continue }
            guard experiment[group.name] != nil || experiment.count < Self.largestCount else {
                isCut = true
                continue
            }
            var pod = experiment[group.name] ?? ExperimentPod()
            pod.events += counts.events
            pod.requests += counts.requests
            pod.controlEvents += all.events
            pod.controlRequests += all.requests
            experiment[group.name] = pod
        }
    }

    private mutating func addControl(_ column: CountColumn, _ step: Int, isAnalysis: Bool) {
        let counted = column.groups.compactMap { group in group.counts(at: step).map { (group.name, $0) } }
        let events = counted.reduce(0) { $0 + $1.1.events }
        let requests = counted.reduce(0) { $0 + $1.1.requests }
        guard requests > 0 else { return }
        for (name, counts) in counted {
            guard control[name] != nil || !isAnalysis || control.count < Self.largestCount else {
                isCut = true
                continue
            }
            let share = counts.requests / requests
            var pod = control[name] ?? ControlPod()
            pod.events += counts.events
            pod.expected += events * share
            pod.variance += events * share * (1 - share)
            if isAnalysis { pod.requests += counts.requests }
            control[name] = pod
        }
    }
}

extension PodTallies {
    /// As many pods of equal size would be as good: (Σn)² / Σn² of their requests; 0 without any.
    static func effectiveCount(_ requests: some Sequence<Double>) -> Double {
        var sum = 0.0
        var squares = 0.0
        for requests in requests {
            sum += requests
            squares += requests * requests
        }
        return squares > 0 ? sum * sum / squares : 0
    }

    /// Pods in the order of their names, so that sums have the same bits everywhere.
    var controlPods: [ControlPod] { control.sorted { $0.key < $1.key }.map(\.value) }
    var experimentPods: [(name: String, pod: ExperimentPod)] {
        experiment.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
