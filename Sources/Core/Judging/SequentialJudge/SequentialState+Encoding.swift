extension SequentialState {
    /// The state as bytes: kind, form, what both sides had, then the comparison's own state. A few kilobytes.
    package var encoded: [UInt8] {
        var writer = StateWriter(.metric, room: 5_000)
        writer.write(folded)
        writer.write(lateSamples)
        control.write(to: &writer)
        experiment.write(to: &writer)
        writer.write(part: trail.encoded)
        switch comparison {
        case .counts(let counts):
            writer.write(0 as UInt8)
            counts.write(to: &writer)
        case .gauge(let gauge):
            writer.write(1 as UInt8)
            writer.write(part: gauge.state?.encoded)
        case .latency(let latency):
            writer.write(2 as UInt8)
            latency.write(to: &writer)
        case .past(let past):
            writer.write(3 as UInt8)
            writer.write(part: past.state?.encoded)
        }
        writer.write(split != nil)
        split?.write(to: &writer)
        write(furtherPartsTo: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such state.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .metric)
        let folded = try reader.count("folded steps", upTo: 1 << 40)
        let lateSamples = try reader.count("late samples")
        let control = try SideTally(from: &reader, upTo: folded)
        let experiment = try SideTally(from: &reader, upTo: folded)
        guard let trail = try reader.part("how the evidence grew") else { throw .impossible("how the evidence grew") }
        let comparison: Comparison
        switch try reader.byte() {
        case 0: comparison = .counts(try CountsComparison(from: &reader))
        case 1:
            comparison = .gauge(
                GaugeComparison(
                    try reader.part("a gauge").map { (bytes) throws(SequentialStateError) in
                        try GaugeState(decoding: bytes)
                    }
                )
            )
        case 2: comparison = .latency(try LatencyComparison(from: &reader))
        case 3:
            comparison = .past(
                PastComparison(
                    try reader.part("earlier times").map { (bytes) throws(SequentialStateError) in
                        try BeforeAfterState(decoding: bytes)
                    }
                )
            )
        default: throw .impossible("the comparison")
        }
        let split = try reader.flag("a declared split") ? try SplitComparison(from: &reader) : nil
        self.init(
            folded: folded,
            control: control,
            experiment: experiment,
            lateSamples: lateSamples,
            comparison: comparison,
            trail: try EvidenceTrail(decoding: trail),
            split: split
        )
        if reader.form > 1 { try readFurtherParts(from: &reader) }
        try reader.end()
    }
}

extension StateWriter {
    /// Bytes of a state of its own, behind their number; nothing is a number of 0.
    mutating func write(part bytes: [UInt8]?) {
        write(bytes?.count ?? 0)
        if let bytes { write(raw: bytes) }
    }
}

extension StateReader {
    private static var largestPart: Int { 1 << 24 }

    /// What `write(part:)` has written.
    mutating func part(_ field: String) throws(SequentialStateError) -> [UInt8]? {
        let count = try count(field, upTo: Self.largestPart)
        return count > 0 ? try raw(count) : nil
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
        writer.write(part: increase?.encoded)
        writer.write(part: decrease?.encoded)
        if case .learned(let learned) = noise.source {
            writer.write(learned.variances.count)
            for variance in learned.variances { writer.write(variance) }
        } else {
            writer.write(0)
        }
        writer.write(historyUnits)
        writer.write(hasSeenEvents)
        open.write(to: &writer)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        func counts(_ bytes: [UInt8]?) throws(SequentialStateError) -> CountsState? {
            guard let bytes else { return nil }
            return try CountsState(decoding: bytes)
        }
        let increase = try counts(try reader.part("counts"))
        let decrease = try counts(try reader.part("counts"))
        var variances: [Double] = []
        for _ in 0..<(try reader.count("scales of noise", upTo: LearnedNoise.scales.count)) {
            variances.append(try reader.amount("noise"))
        }
        let noise = variances.isEmpty ? nil : try? LearnedNoise(variances: variances)
        self.init(
            increase: increase,
            decrease: decrease,
            noise: noise.map { CountNoise(.learned($0)) } ?? .assumed,
            historyUnits: try reader.count("units of history"),
            hasSeenEvents: try reader.flag("whether there were events"),
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
