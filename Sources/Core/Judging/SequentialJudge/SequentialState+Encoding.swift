extension SequentialState: StoredState {
    package static var kind: StateKind { .metric }
    /// What both sides had, and the comparison's own state. A few kilobytes.
    package var room: Int { 1_500 + comparison.room }

    package func write(to writer: inout StateWriter) {
        writer.write(folded)
        writer.write(lateSamples)
        control.write(to: &writer)
        experiment.write(to: &writer)
        writer.write(part: trail)
        switch comparison {
        case .counts(let counts):
            writer.write(0 as UInt8)
            counts.write(to: &writer)
        case .gauge(let gauge):
            writer.write(1 as UInt8)
            writer.write(part: gauge.state)
        case .latency(let latency):
            writer.write(2 as UInt8)
            latency.write(to: &writer)
        case .past(let past):
            writer.write(3 as UInt8)
            writer.write(part: past.state)
        }
        writer.write(split != nil)
        split?.write(to: &writer)
        write(furtherPartsTo: &writer)
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        let folded = try reader.count("folded steps", upTo: 1 << 40)
        let lateSamples = try reader.count("late samples")
        let control = try SideTally(from: &reader, upTo: folded)
        let experiment = try SideTally(from: &reader, upTo: folded)
        guard let trail: EvidenceTrail = try reader.part("how the evidence grew") else {
            throw .impossible("how the evidence grew")
        }
        let comparison: Comparison
        switch try reader.byte() {
        case 0: comparison = .counts(try CountsComparison(from: &reader))
        case 1: comparison = .gauge(GaugeComparison(try reader.part("a gauge")))
        case 2: comparison = .latency(try LatencyComparison(from: &reader))
        case 3: comparison = .past(PastComparison(try reader.part("earlier times")))
        default: throw .impossible("the comparison")
        }
        let split = try reader.flag("a declared split") ? try SplitComparison(from: &reader) : nil
        self.init(
            folded: folded,
            control: control,
            experiment: experiment,
            lateSamples: lateSamples,
            comparison: comparison,
            trail: trail,
            split: split
        )
        if reader.form > 1 { try readFurtherParts(from: &reader) }
    }
}

extension SequentialState.Comparison {
    fileprivate var room: Int {
        switch self {
        case .counts(let counts): (counts.increase?.room ?? 0) + (counts.decrease?.room ?? 0)
        case .gauge(let gauge): gauge.state?.room ?? 0
        case .latency(let latency): latency.state?.room ?? 0
        case .past(let past): past.state?.room ?? 0
        }
    }
}

extension SideTally {
    func write(to writer: inout StateWriter) {
        writer.write(coverage.expected)
        writer.write(coverage.present)
        writer.write(coverage.missingAtEnd)
        writer.write(coverage.longestGap)
        writer.write(count)
        writer.write(mean)
        writer.write(squares)
        writer.write(minimum)
        writer.write(maximum)
        writer.write(Int(missing))
    }

    init(from reader: inout StateReader, upTo steps: Int) throws(SequentialStateError) {
        let expected = try reader.count("steps of a side", upTo: steps)
        let present = try reader.count("samples of a side", upTo: expected)
        coverage = SampleCoverage(
            expected: expected,
            present: present,
            missingAtEnd: try reader.count("missing samples", upTo: expected),
            longestGap: try reader.count("a gap", upTo: expected)
        )
        count = try reader.count("samples of a side", upTo: present)
        mean = try reader.number("a mean")
        squares = try reader.amount("a sum of squares")
        minimum = try reader.number("the least sample")
        maximum = try reader.number("the largest sample")
        missing = UInt32(truncatingIfNeeded: try reader.count("missing samples", upTo: Int(UInt32.max)))
    }
}

extension CountsComparison {
    func write(to writer: inout StateWriter) {
        writer.write(part: increase)
        writer.write(part: decrease)
        if case .learned(let learned) = noise.source {
            writer.write(learned.variances.count)
            writer.write(learned.variances)
        } else {
            writer.write(0)
        }
        writer.write(historyUnits)
        // Once told whether there were events: what is compared has had some.
        writer.write(true)
        open.write(to: &writer)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let increase: CountsState? = try reader.part("counts")
        let decrease: CountsState? = try reader.part("counts")
        let scales = try reader.count("scales of noise", upTo: LearnedNoise.scales.count)
        let variances = try reader.numbers(scales, "noise")
        guard variances.allSatisfy({ $0 >= 0 }) else { throw .impossible("noise") }
        let noise = variances.isEmpty ? nil : try? LearnedNoise(variances: variances)
        let historyUnits = try reader.count("units of history")
        _ = try reader.flag("whether there were events")
        self.init(
            increase: increase,
            decrease: decrease,
            noise: noise.map { CountNoise(.learned($0)) } ?? .assumed,
            historyUnits: historyUnits,
            open: try OpenUnit(from: &reader)
        )
    }
}

extension OpenUnit {
    func write(to writer: inout StateWriter) {
        writer.write(experimentEvents)
        writer.write(controlEvents)
        writer.write(experimentRequests)
        writer.write(controlRequests)
        writer.write(steps)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        experimentEvents = try reader.number("events")
        controlEvents = try reader.number("events")
        experimentRequests = try reader.number("requests")
        controlRequests = try reader.number("requests")
        steps = try reader.count("steps of a unit")
    }
}
