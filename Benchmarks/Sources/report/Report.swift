import Measuring

/// Prints what the benchmarks of a run noted as Markdown tables. Run by `scripts/bench`.
@main
enum Report {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else { throw WrongResult("usage: report FILE") }
        let results = try NotedResults(path: CommandLine.arguments[1])
        let tables = [
            JudgeTables.speeds(results), JudgeTables.ratios(results), JudgeTables.costs(results),
            KernelTables.pairs(results), KernelTables.kernels(results), JudgeTables.conditions(results),
            SequentialTables.looks(results), SequentialTables.beside(results),
            JudgeTables.looks(results), ServiceTables.answers(results), ServiceTables.states(results),
            ServiceTables.events(results),
        ]
        for table in tables where !table.rows.isEmpty { table.print() }
    }
}
