extension EvidenceTrail: StoredState {
    package static var kind: StateKind { .trail }
    /// About 500 bytes.
    package var room: Int { 16 + points.count * 32 }

    package func write(to writer: inout StateWriter) {
        writer.write(points.count)
        for point in points {
            writer.write(point.units)
            writer.write(point.requests)
            writer.write(point.logFail)
            writer.write(point.logPass)
        }
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        self.init()
        for _ in 0..<(try reader.count("the number of looks", upTo: Self.largestCount)) {
            let point = Point(
                units: try reader.count("the units of a look"),
                requests: try reader.amount("the requests of a look"),
                logFail: try reader.number("evidence"),
                logPass: try reader.number("evidence")
            )
            guard point.units > points.last?.units ?? -1 else { throw .impossible("the order of looks") }
            points.append(point)
        }
    }
}
