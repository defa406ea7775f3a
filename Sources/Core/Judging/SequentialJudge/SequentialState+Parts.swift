/// Parts of a stored state behind those that every one has. A number is never used again for something else.
enum SequentialStatePart: UInt8, CaseIterable, Sendable {
    case idleSteps = 1
    case sharedFate = 2
    case pods = 10
    case effects = 11
    case controlBefore = 12
    case keptNoise = 13
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
        }
        return writer.bytes
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
            case .effects: effects = try EffectTrail(from: &contents)
            case .controlBefore: before = try ControlBefore(from: &contents)
            case .pods:
                guard case .counts(var counts) = comparison else { throw .impossible("pods") }
                counts.pods = try PodTallies(from: &contents)
                comparison = .counts(counts)
            case .keptNoise:
                let (learned, units) = try KeptNoise.read(&contents)
                let time = try contents.count("the time of the noise")
                let noise = KeptNoise(learned, units: units, learnedAt: Int64(time))
                if case .latency(var latency) = comparison {
                    latency.state?.use(learned)
                    comparison = .latency(latency)
                }
                kept = noise
            }
            try contents.end()
        }
    }
}
