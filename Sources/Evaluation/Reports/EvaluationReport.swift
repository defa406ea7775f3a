import JSON

/// What an evaluation found, in the order in which it was asked for.
package struct EvaluationReport: Sendable {
    package var rows: [EvaluationRow]
    package var seed: UInt64

    package init(rows: [EvaluationRow], seed: UInt64) {
        self.rows = rows
        self.seed = seed
    }

    /// `{"seed": …, "rows": [{"judge": …, "family": …, …}]}`
    package var json: String {
        JSONValue.object(["seed": .number(String(seed)), "rows": .array(rows.map(\.json))]).jsonText
    }
}

extension EvaluationRow {
    var json: JSONValue {
        let interval = interval
        return .object([
            "judge": .string(judge),
            "family": .string(family),
            "comparison": .string(comparison.rawValue),
            "steps": .integer(steps),
            "effect": .double(degradation.ratio),
            "analyses": .integer(analyses),
            "failed": .integer(failed),
            "passed": .integer(passed),
            "medianLook": medianLook.map { .double($0) } ?? .null,
            "shape": .string(degradation.shape.rawValue),
            "failedAfterPass": .integer(failedAfterPass),
            "failedLow": .double(interval.lowerBound),
            "failedHigh": .double(interval.upperBound),
            "series": series.map { .integer($0) } ?? .null,
        ])
    }
}
