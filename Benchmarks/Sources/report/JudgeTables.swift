/// The judges: against others, what a pair costs, and a look of many sessions.
enum JudgeTables {
    private static let kinds = ["normal", "tied"]
    private static let sizes = [30, 60, 180, 1440]
    private static let others = ["reference", "scipy", "scipy vectorised", "R"]

    static func speeds(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "Pairs judged a CPU second",
            columns: ["data", "samples a side", "assay"] + others + ["spread of assay"]
        )
        for (kind, size, name) in comparisons {
            guard let own = results.rounds(name, "assay") else { continue }
            let measured = others.map { results.rounds(name, $0).map { Shown.number(1 / $0.median) } ?? "–" }
            table.add([kind, "\(size)", Shown.number(1 / own.median)] + measured + [own.spread])
        }
        let versions = ["scipy", "R"].map { results.text("versions", $0) ?? "\($0) is not installed and left out" }
        table.note = """
            \(versions.joined(separator: "; ")).
            assay judges looks of 8 metrics, with their scores; the others judge single pairs. scipy's `mannwhitneyu` gives a
            p-value and no interval of the shift; vectorised, it is given 64 pairs in one call.
            """
        return table
    }

    static func ratios(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "How many times as fast assay is",
            columns: ["data", "samples a side"] + others
        )
        for (kind, size, name) in comparisons {
            guard let own = results.rounds(name, "assay") else { continue }
            let measured = others.map { results.rounds(name, $0).map { Shown.number($0.ratio(to: own)) } ?? "–" }
            table.add([kind, "\(size)"] + measured)
        }
        return table
    }

    static func costs(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "What a pair costs",
            columns: ["data", "samples a side", "allocations", "instructions"]
        )
        for kind in kinds {
            for size in sizes {
                guard let allocations = results.rounds("cost-\(kind)-\(size)", "allocations") else { continue }
                let instructions = results.rounds("cost-\(kind)-\(size)", "instructions")
                table.add([
                    kind, "\(size)", allocations.median == 0 ? "0" : Shown.number(allocations.median),
                    instructions.map { Shown.grouped(Int($0.median)) } ?? "–",
                ])
            }
        }
        table.note = """
            Instructions as valgrind's callgrind counts them, in which the judge finds AVX2 and no AVX-512.
            """
        return table
    }

    static func conditions(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "The judge `conditions`",
            columns: ["samples a side", "time a pair", "pairs a CPU second", "spread"]
        )
        for size in sizes {
            guard let rounds = results.rounds("conditions-\(size)", "conditions") else { continue }
            table.add(["\(size)", Shown.seconds(rounds.median), Shown.number(1 / rounds.median), rounds.spread])
        }
        return table
    }

    static func looks(_ results: NotedResults) -> ResultTable {
        var table = ResultTable(
            "A look of 10,000 sessions with 10 metrics of 60 samples a side",
            columns: ["threads", "time by the clock", "CPU time", "peak memory", "samples held before"]
        )
        for threads in [1, 2] {
            let name = "looks-\(threads)"
            guard let clock = results.rounds(name, "clock"), let processor = results.rounds(name, "processor"),
                let peak = results.rounds(name, "peak"), let held = results.rounds(name, "held")
            else { continue }
            table.add([
                "\(threads)", Shown.seconds(clock.median), Shown.seconds(processor.median),
                Shown.mebibytes(peak.median), Shown.mebibytes(held.median),
            ])
        }
        return table
    }

    private static var comparisons: [(kind: String, size: Int, name: String)] {
        kinds.flatMap { kind in sizes.map { (kind, $0, "compare-\(kind)-\($0)") } }
    }
}
