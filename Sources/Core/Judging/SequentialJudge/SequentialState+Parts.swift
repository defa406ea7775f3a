/// Parts of a stored state behind those that every one has. A number is never used again for something else.
enum SequentialStatePart: UInt8, CaseIterable, Sendable {
    case idleSteps = 1
    case sharedFate = 2
    case newValues = 3
    case strata = 4
    case onsets = 5
    case pods = 10
    case effects = 11
    case controlBefore = 12
    case keptNoise = 13
    case pairNoise = 14
}

extension SequentialState {
    /// How many parts there are, then each: its number, and its bytes behind their count. In ascending order of numbers, for
    /// the same bytes.
    func write(furtherPartsTo writer: inout StateWriter) {
        let parts = SequentialStatePart.allCases.compactMap { part in bytes(of: part).map { (part, $0) } }
        writer.write(UInt8(parts.count))
        for (part, bytes) in parts {
            writer.write(part.rawValue)
            writer.write(part: bytes)
        }
    }

    /// Nil for one that the state does not have.
    private func bytes(of part: SequentialStatePart) -> [UInt8]? {
        var writer = StateWriter(room: 400)
        switch part {
        case .idleSteps: idle.write(to: &writer)
        case .sharedFate:
            guard let fate else { return nil }
            fate.write(to: &writer)
        case .newValues:
            guard let newValues else { return nil }
            newValues.write(to: &writer)
        case .strata:
            guard let strata = counts?.strata else { return nil }
            strata.write(to: &writer)
        case .onsets:
            switch comparison {
            case .counts(let counts): counts.onsets.write(to: &writer)
            case .latency(let latency) where !latency.onsets.isEmpty: latency.write(onsetsTo: &writer)
            case .latency, .gauge, .past: return nil
            }
        case .effects:
            guard effects.count > 0 else { return nil }
            effects.write(to: &writer)
        case .controlBefore:
            guard let before else { return nil }
            before.write(to: &writer)
        case .pods:
            guard case .counts(let counts) = comparison, let pods = counts.pods else { return nil }
            pods.write(to: &writer)
        case .keptNoise:
            guard let kept else { return nil }
            kept.write(to: &writer)
            writer.write(Int(clamping: max(0, kept.learnedAt)))
        case .pairNoise:
            // What was kept is a part of its own.
            guard kept == nil, case .gauge(let gauge) = comparison, let noise = gauge.noise else { return nil }
            noise.write(to: &writer)
        }
        return writer.bytes
    }

    private var counts: CountsComparison? {
        if case .counts(let counts) = comparison { counts } else { nil }
    }

    private mutating func readKept(from reader: inout StateReader) throws(SequentialStateError) {
        var content: KeptNoise
        if case .gauge(var gauge) = comparison {
            let pairs = try PairNoise(from: &reader)
            content = KeptNoise(pairs, learnedAt: 0)
            gauge.noise = pairs
            comparison = .gauge(gauge)
        } else {
            let (learned, units) = try KeptNoise.readCounts(&reader)
            content = KeptNoise(learned, units: units, learnedAt: 0)
            if case .latency(var latency) = comparison {
                latency.state?.use(learned)
                comparison = .latency(latency)
            }
        }
        content.learnedAt = Int64(try reader.count("the time of the noise"))
        kept = content
    }

    private mutating func readOnsets(from reader: inout StateReader) throws(SequentialStateError) {
        switch comparison {
        case .counts(var counts):
            counts.onsets = try CountOnsets(from: &reader, upTo: folded)
            comparison = .counts(counts)
        case .latency(var latency):
            try latency.readOnsets(from: &reader, upTo: folded)
            comparison = .latency(latency)
        case .gauge, .past: throw .impossible("a beginning of harm")
        }
    }

    /// - Throws: also for a part that a newer version has made: without it the evidence would be another one.
    mutating func readFurtherParts(from reader: inout StateReader) throws(SequentialStateError) {
        var last: UInt8 = 0
        for _ in 0..<(try reader.byte()) {
            let number = try reader.byte()
            guard number > last, let part = SequentialStatePart(rawValue: number),
                var contents = try reader.contents("a part of the state")
            else { throw .impossible("a part of the state") }
            last = number
            switch part {
            case .idleSteps: idle = try IdleSteps(from: &contents, upTo: folded)
            case .sharedFate: fate = try SharedFate(from: &contents)
            case .newValues: newValues = try NewValueTallies(from: &contents)
            case .strata:
                guard var counts else { throw .impossible("strata") }
                counts.strata = try StratumTallies(from: &contents)
                comparison = .counts(counts)
            case .onsets: try readOnsets(from: &contents)
            case .effects: effects = try EffectTrail(from: &contents)
            case .controlBefore: before = try ControlBefore(from: &contents)
            case .pods:
                guard case .counts(var counts) = comparison else { throw .impossible("pods") }
                counts.pods = try PodTallies(from: &contents)
                comparison = .counts(counts)
            case .keptNoise:
                try readKept(from: &contents)
            case .pairNoise:
                guard case .gauge(var gauge) = comparison, kept == nil else { throw .impossible("the noise of pairs") }
                gauge.noise = try PairNoise(from: &contents)
                comparison = .gauge(gauge)
            }
            try contents.end()
        }
    }
}
