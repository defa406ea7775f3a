/// The noise of a metric as it was before an earlier release, for an analysis that can learn none itself.
package struct KeptNoise: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        /// Of the control, where events are counted.
        case counts(LearnedNoise)
        /// Of both sides against each other, where values are compared.
        case pairs(PairNoise)
    }

    package let content: Content
    /// Units that it was learned from.
    package let units: Int
    /// When that was, in milliseconds since 1970.
    package internal(set) var learnedAt: Int64

    package init(_ learned: LearnedNoise, units: Int, learnedAt: Int64) {
        content = .counts(learned)
        self.units = units
        self.learnedAt = learnedAt
    }

    package init(_ pairs: PairNoise, learnedAt: Int64) {
        content = .pairs(pairs)
        units = pairs.pairs
        self.learnedAt = learnedAt
    }
}

extension KeptNoise {
    /// Kind, form, and numbers little-endian: without the time, which is kept beside it.
    package var encoded: [UInt8] {
        var writer =
            switch content {
            case .counts: StateWriter(.keptNoise, room: 80)
            case .pairs: StateWriter(.keptPairs, room: 20)
            }
        write(to: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such noise, or of a newer form.
    package init(decoding bytes: [UInt8], learnedAt: Int64) throws(SequentialStateError) {
        var reader: StateReader
        if bytes.first == StateKind.keptPairs.rawValue {
            reader = try StateReader(bytes, .keptPairs)
            self.init(try PairNoise(from: &reader), learnedAt: learnedAt)
        } else {
            reader = try StateReader(bytes, .keptNoise)
            let (learned, units) = try Self.readCounts(&reader)
            self.init(learned, units: units, learnedAt: learnedAt)
        }
        try reader.end()
    }

    func write(to writer: inout StateWriter) {
        switch content {
        case .counts(let learned):
            writer.write(learned.variances.count)
            for variance in learned.variances { writer.write(variance) }
            writer.write(units)
        case .pairs(let pairs): pairs.write(to: &writer)
        }
    }

    static func readCounts(_ reader: inout StateReader) throws(SequentialStateError) -> (LearnedNoise, Int) {
        var variances: [Double] = []
        for _ in 0..<(try reader.count("scales of noise", upTo: LearnedNoise.scales.count)) {
            variances.append(try reader.amount("noise"))
        }
        guard let learned = try? LearnedNoise(variances: variances) else { throw .impossible("noise") }
        return (learned, try reader.count("units of history"))
    }
}

extension PairNoise {
    func write(to writer: inout StateWriter) {
        writer.write(floor)
        writer.write(pairs)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let floor = try reader.amount("the noise of pairs")
        let pairs = try reader.count("pairs")
        do { try self.init(floor: floor, pairs: pairs) } catch { throw .impossible("the noise of pairs") }
    }
}
