/// The requests of both sides against the share that the event declares, unit by unit.
struct SplitComparison: Sendable, Equatable {
    private(set) var state: SplitCheckState
    /// The unit under way: requests of the experiment, and of both sides.
    private var openExperiment = 0.0
    private var openRequests = 0.0

    /// Nothing seen yet.
    init?() {
        guard let state = try? SplitCheckState() else { return nil }
        self.state = state
    }

    /// Takes in a step. One that a side has no requests of, or with numbers that count nothing, says nothing.
    mutating func fold(control: Double, experiment: Double) {
        guard OpenUnit.isCount(control), OpenUnit.isCount(experiment) else { return }
        openExperiment += experiment
        openRequests += control + experiment
    }

    /// Ends the unit. Without a declared share, or without requests, it says nothing.
    mutating func endUnit(declared: Double?) {
        if let declared, openRequests > 0 {
            state.fold(experiment: openExperiment, of: openRequests, declared: declared)
        }
        openExperiment = 0
        openRequests = 0
    }

    var evidence: SplitEvidence? {
        state.shares.map { SplitEvidence(declared: $0.declared, seen: $0.seen, isWrong: state.isWrong) }
    }
}

extension MetricIncrement.Column {
    /// Requests of a step; NaN where there are none, or none are counted.
    func requests(at step: Int) -> Double {
        switch self {
        case .values: .nan
        case .counts(let counts): CountsComparison.value(counts.requests, step)
        case .histogram(let buckets): buckets.total(at: step)
        }
    }
}

extension SplitComparison {
    func write(to writer: inout StateWriter) {
        writer.write(part: state)
        writer.write(openExperiment)
        writer.write(openRequests)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        guard let state: SplitCheckState = try reader.part("the split") else { throw .impossible("the split") }
        self.state = state
        openExperiment = try reader.amount("requests")
        openRequests = try reader.amount("requests")
    }
}
