/// The noise of a metric as the control had it before an earlier release, for an analysis that can learn none itself.
package struct KeptNoise: Sendable, Equatable {
    package let learned: LearnedNoise
    /// Units that it was learned from.
    package let units: Int
    /// When that was, in milliseconds since 1970.
    package let learnedAt: Int64

    package init(_ learned: LearnedNoise, units: Int, learnedAt: Int64) {
        self.learned = learned
        self.units = units
        self.learnedAt = learnedAt
    }
}

extension KeptNoise {
    /// Kind, form, and numbers little-endian: without the time, which is kept beside it.
    package var encoded: [UInt8] {
        var writer = StateWriter(.keptNoise, room: 80)
        write(to: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such noise, or of a newer form.
    package init(decoding bytes: [UInt8], learnedAt: Int64) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .keptNoise)
        (learned, units) = try Self.read(&reader)
        self.learnedAt = learnedAt
        try reader.end()
    }

    func write(to writer: inout StateWriter) {
        writer.write(learned.variances.count)
        for variance in learned.variances { writer.write(variance) }
        writer.write(units)
    }

    static func read(_ reader: inout StateReader) throws(SequentialStateError) -> (LearnedNoise, Int) {
        var variances: [Double] = []
        for _ in 0..<(try reader.count("scales of noise", upTo: LearnedNoise.scales.count)) {
            variances.append(try reader.amount("noise"))
        }
        guard let learned = try? LearnedNoise(variances: variances) else { throw .impossible("noise") }
        return (learned, try reader.count("units of history"))
    }
}
