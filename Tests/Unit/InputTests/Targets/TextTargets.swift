import Analysis

@testable import Prometheus
@testable import Store
@testable import Web

extension FuzzTarget {
    /// Times, durations, patterns and cursors: what is read can be written, and reads back as the same.
    static let scalarText = FuzzTarget("scalar-text", maximumBytes: 128, dictionary: "time") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let duration = Duration(compactText: text) {
            try require(Duration(compactText: duration.compactText) == duration, "a duration changes: \(text)")
            try require(duration >= .zero, "\(text) is negative")
        }
        if let time = Timestamp(rfc3339: text) {
            try require(Timestamp(rfc3339: time.rfc3339) == time, "a time changes: \(text) becomes \(time.rfc3339)")
        }
        if let cursor = SessionCursor(text) {
            let again = SessionCursor(cursor.description)
            try require(again?.description == cursor.description, "a cursor changes: \(text)")
        }
        if PromQL.isDuration(text) { try require(text.utf8.allSatisfy { $0 < 0x80 }, "\(text) is no duration") }
        let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let pattern = halves[0]
        try require(
            Glob.matches(pattern + "*", pattern.filter { $0 != "*" } + "x"),
            "\(pattern)* does not match itself"
        )
        _ = Glob.matches(pattern, halves.last ?? "")
        if ScopeLabel.isValidName(text) { try require(PromQL.isLabelName(text), "\(text) is no label name") }
    }

    /// The parameters of `GET /v1/sessions`, a line each.
    static let sessionQuery = FuzzTarget("session-query", maximumBytes: 512, dictionary: "time") { bytes in
        let parameters = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count == 2 ? String(parts[1]) : "")
        }
        do {
            let query = try SessionParameters.query(parameters, at: Timestamp(milliseconds: 1_800_000_000_000))
            try require((1...SessionQuery.maximumLimit).contains(query.limit), "the limit is \(query.limit)")
            for text in [query.application, query.environment, query.version] {
                try require((text ?? "").utf8.count <= DeployEvent.maximumTextBytes, "a text has no bound")
            }
        } catch let error as SessionParameterError {
            try requireCleanLine(error.description)
        }
    }
}
