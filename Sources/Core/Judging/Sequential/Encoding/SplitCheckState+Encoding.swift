extension SplitCheckState {
    /// The state as bytes: kind, form, then numbers little-endian. About 1 KB.
    package var encoded: [UInt8] {
        var writer = StateWriter(.split, room: 1_000)
        writer.write(tolerance)
        writer.write(folded)
        writer.write(refused)
        writer.write(experimentRequests)
        writer.write(requests)
        writer.write(declaredRequests)
        engine.write(to: &writer)
        dispersion.write(to: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such state.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .split)
        let tolerance = try reader.number("the tolerance")
        do { try self.init(tolerance: tolerance) } catch { throw .impossible("the tolerance") }
        folded = try reader.count("units")
        refused = try reader.count("refused units")
        experimentRequests = try reader.amount("requests")
        requests = try reader.amount("requests")
        declaredRequests = try reader.amount("requests")
        engine = try LikelihoodRatioEngine(from: &reader, engine.fail, engine.pass, runs: 1)
        dispersion = try CountDispersion(from: &reader, upTo: folded)
        try reader.end()
    }
}
