/// The judge `sequential`: one look of one metric.
enum SequentialTables {
    private static let kinds = ["counts", "latency", "gauge", "past"]
    private static let ages = [10, 10_000]

    static func looks(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "A look of `sequential` at one metric",
            columns: ["metric", "steps before", "bytes of state", "allocations", "instructions"]
        )
        for (kind, age) in all {
            let name = "cost-sequential-\(kind)-\(age)"
            guard let bytes = results.rounds(name, "bytes"), let allocations = results.rounds(name, "allocations")
            else { continue }
            let instructions = results.rounds(name, "instructions")
            table.add([
                kind, Shown.grouped(age), Shown.grouped(Int(bytes.median)), Shown.number(allocations.median),
                instructions.map { Shown.grouped(Int($0.median)) } ?? "–",
            ])
        }
        table.note = """
            A look reads the state, folds one step in, judges, writes its sentence, and writes the state. `latency` tests
            three bounds of a histogram. `past` keeps its values, 8 bytes a step; the others keep sums.
            """
        return table
    }

    static func beside(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "`sequential` and Kayenta's judge on the same samples",
            columns: [
                "metric", "steps before", "time a look", "looks a CPU second", "spread", "Kayenta's judge: time a look",
                "times as fast",
            ]
        )
        for (kind, age) in all {
            let name = "sequential-\(kind)-\(age)"
            guard let own = results.rounds(name, "sequential"), let other = results.rounds(name, "kayenta")
            else { continue }
            table.add([
                kind, Shown.grouped(age), Shown.seconds(own.median), Shown.number(1 / own.median),
                own.spread, Shown.seconds(other.median), Shown.number(other.ratio(to: own)),
            ])
        }
        table.note = """
            Kayenta's judge (`NetflixACAJudge-v1.0`) sees all steps at each look, and keeps no state; of `counts` it sees the
            share of errors, of `latency` the requests.
            """
        return table
    }

    private static var all: [(kind: String, age: Int)] { kinds.flatMap { kind in ages.map { (kind, $0) } } }
}
