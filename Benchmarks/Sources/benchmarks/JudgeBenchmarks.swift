import Judging

/// How many pairs a judge gets through: normal samples around 100, every second experiment 5 % higher.
enum JudgeBenchmarks {
    private static let pairs = 16

    static func table() async throws -> ResultTable {
        var table = ResultTable(
            "Judges",
            columns: ["judge", "samples a side", "time a pair", "pairs a CPU second", "spread"]
        )
        for count in [30, 60, 180, 1440] { try await measure(NetflixACAJudge(), count, into: &table) }
        for count in [30, 60, 180, 1440] { try await measure(ConditionsJudge(), count, into: &table) }
        return table
    }

    private static func measure(_ judge: some Judge, _ count: Int, into table: inout ResultTable) async throws {
        let pairs = try pairs(count)
        let judgement = judge.judge(pairs, by: ScoringRules())
        try check(
            judgement.metrics.allSatisfy { $0.classification != .error && $0.classification != .nodata },
            "\(judgement.judge) cannot judge the samples"
        )
        let measured = try await Measurement.of { keep(judge.judge(pairs, by: ScoringRules())) }
        let pairTime = measured.median / Double(pairs.count)
        table.add(
            judgement.judge,
            "\(count)",
            Shown.seconds(pairTime),
            Shown.number(1 / pairTime),
            measured.spread
        )
    }

    private static func pairs(_ count: Int) throws -> [MetricPair] {
        var numbers = NormalNumbers(seed: 1)
        let settings = MetricSettings(
            direction: .increase,
            passCondition: try Condition(parsing: "canary <= max(1.03 * control, 0.01) and p95(canary) <= 150"),
            marginalCondition: try Condition(parsing: "canary <= 1.2 * control")
        )
        return (0..<pairs).map { index in
            MetricPair(
                name: "metric \(index)",
                groups: ["group \(index % 3)"],
                control: numbers.samples(count, mean: 100, deviation: 10),
                experiment: numbers.samples(count, mean: index.isMultiple(of: 2) ? 100 : 105, deviation: 10),
                settings: settings
            )
        }
    }
}
