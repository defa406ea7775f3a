import Analysis
import Judging

extension AnalysisReport {
    /// What is said of the analysis beside its headline, by name: why, what was done, what comes next, what was not judged,
    /// and what limits all that.
    var statements: [Fact] {
        let single = [("why", reason), ("done", done), ("next", next), ("not judged", notJudgedText)]
            .compactMap { name, text in text.map { Fact(name: name, value: $0) } }
        let others = (changes?.lines ?? []).map { Fact(name: "what else changed", value: $0) }
        return single + others + warnings.map { Fact(name: "warning", value: $0) }
            + unreadable.map { Fact(name: "unreadable", value: $0) }
    }

    /// What was not judged, up to three by name; nil where everything was.
    package var notJudgedText: String? {
        guard !notJudged.isEmpty else { return nil }
        let named = notJudged.prefix(3).map { "\($0.metric): \($0.why)" }
        let others = notJudged.count - named.count
        return (named + (others > 0 ? ["and \(others) more"] : [])).joined(separator: "; ")
    }

    /// `62 of 100, group errors 25 (weight 50 %)`; nil where no score decides.
    var scoreText: String? {
        guard let score else { return nil }
        let groups = groups.map { group in
            "group \(group.name) \(group.noData ? "no data" : group.score.formatted(decimals: 2))"
                + " (weight \(group.weight.formatted(decimals: 2)) %)"
        }
        return (["\(score.formatted(decimals: 2)) of 100"] + groups).joined(separator: ", ")
    }
}

extension MetricReport {
    /// Whether it takes a word more than its row: it does not pass, or is waited for.
    var isExplained: Bool {
        switch tone {
        case .bad, .caution, .waiting, .running: true
        case .good, .neutral: false
        }
    }

    /// The result as a table has it.
    var resultText: String { role.isEmpty || role == result ? result : "\(result) (\(role))" }

    static let columns = ["metric", "control", "experiment", "ratio", "result", "evidence"]

    /// Its row, by these columns.
    var cells: [String] { [name, control, experiment, ratio, resultText, certainty] }
}
