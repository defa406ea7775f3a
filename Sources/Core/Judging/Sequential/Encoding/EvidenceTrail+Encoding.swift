extension EvidenceTrail {
    /// The trail as bytes: kind, form, number of points, then numbers little-endian. About 500 bytes.
    package var encoded: [UInt8] {
        var writer = StateWriter(.trail, room: 16 + points.count * 32)
        writer.write(points.count)
        for point in points {
            writer.write(point.units)
            writer.write(point.requests)
            writer.write(point.logFail)
            writer.write(point.logPass)
        }
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no trail.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .trail)
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
        try reader.end()
    }
}
