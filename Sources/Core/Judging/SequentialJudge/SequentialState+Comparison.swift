extension SequentialState.Comparison {
    /// Takes in a step of both sides.
    mutating func fold(
        _ step: Int,
        _ control: MetricIncrement.Column,
        _ experiment: MetricIncrement.Column,
        endsUnit: Bool
    ) {
        if var counts = taken({ if case .counts(let counts) = $0 { counts } else { nil } }) {
            counts.fold(step, control, experiment, endsUnit: endsUnit)
            self = .counts(counts)
        } else if var gauge = taken({ if case .gauge(let gauge) = $0 { gauge } else { nil } }) {
            gauge.fold(step, control, experiment)
            self = .gauge(gauge)
        } else if var latency = taken({ if case .latency(let latency) = $0 { latency } else { nil } }) {
            latency.fold(step, control, experiment, endsUnit: endsUnit)
            self = .latency(latency)
        }
    }

    /// Takes in a value that is compared with earlier ones.
    mutating func fold(_ value: Double) {
        guard var past = taken({ if case .past(let past) = $0 { past } else { nil } }) else { return }
        past.fold(value)
        self = .past(past)
    }

    /// What is taken out has one owner while it changes: with two, each of its arrays would be copied. A call of
    /// its own ends the other's ownership.
    @inline(never)
    private mutating func taken<Part>(_ part: (Self) -> Part?) -> Part? {
        guard let taken = part(self) else { return nil }
        self = Self.nothing
        return taken
    }

    private static let nothing = Self.past(PastComparison(nil))
}
