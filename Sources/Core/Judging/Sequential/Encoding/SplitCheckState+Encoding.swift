extension SplitCheckState: StoredState {
    package static var kind: StateKind { .split }
    /// About 1 KB.
    package var room: Int { 1_000 }

    package func write(to writer: inout StateWriter) {
        writer.write(tolerance)
        writer.write(folded)
        writer.write(refused)
        writer.write(experimentRequests)
        writer.write(requests)
        writer.write(declaredRequests)
        engine.write(to: &writer)
        dispersion.write(to: &writer)
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        let tolerance = try reader.number("the tolerance")
        do { try self.init(tolerance: tolerance) } catch { throw .impossible("the tolerance") }
        folded = try reader.count("units")
        refused = try reader.count("refused units")
        experimentRequests = try reader.amount("requests")
        requests = try reader.amount("requests")
        declaredRequests = try reader.amount("requests")
        engine = try LikelihoodRatioEngine(from: &reader, engine.fail, engine.pass, runs: 1)
        dispersion = try CountDispersion(from: &reader, upTo: folded)
    }
}
