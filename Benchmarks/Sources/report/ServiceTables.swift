/// What the service does beside judging.
enum ServiceTables {
    static func answers(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "Answers to range queries",
            columns: ["answer", "reader", "time an answer", "MB/s", "samples/s", "spread"]
        )
        table.texts = 2
        var ratios: [String] = []
        for answer in ["rates", "counts"] {
            let name = "answers-\(answer)"
            guard let bytes = results.rounds(name, "bytes")?.median,
                let samples = results.rounds(name, "samples")?.median,
                let own = results.rounds(name, "assay"), let other = results.rounds(name, "JSONDecoder")
            else { continue }
            for (reader, rounds) in [("assay", own), ("JSONDecoder", other)] {
                table.add([
                    answer, reader, Shown.seconds(rounds.median), Shown.number(bytes / rounds.median / 1e6),
                    Shown.number(samples / rounds.median), rounds.spread,
                ])
            }
            ratios.append(
                "- \(answer) (\(Shown.grouped(Int(bytes))) bytes): JSONDecoder takes"
                    + " \(Shown.number(other.ratio(to: own))) times as long."
            )
        }
        table.note = ratios.joined(separator: "\n")
        return table
    }

    static func states(_ results: NotedResults) -> ResultTable {
        table(
            results,
            "State of a session with 10 metrics",
            columns: ["session", "bytes", "encode and decode", "evaluations a CPU second", "spread"],
            [("after its first look", "state-begun"), ("finished, with its verdict", "state-finished")]
        )
    }

    static func events(_ results: NotedResults) -> ResultTable {
        table(
            results,
            "Deploy events",
            columns: ["content mode", "bytes", "time an event", "events a CPU second", "spread"],
            [("structured", "events-structured"), ("binary", "events-binary")]
        )
    }

    private static func table(
        _ results: NotedResults,
        _ title: String,
        columns: [String],
        _ benchmarks: [(title: String, name: String)]
    ) -> ResultTable {
        var table = ResultTable(title, columns: columns)
        for (title, name) in benchmarks {
            guard let bytes = results.rounds(name, "bytes")?.median, let rounds = results.rounds(name, "assay")
            else { continue }
            table.add([
                title, Shown.grouped(Int(bytes)), Shown.seconds(rounds.median), Shown.number(1 / rounds.median),
                rounds.spread,
            ])
        }
        return table
    }
}
