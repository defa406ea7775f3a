/// The judge on each instruction set, whole pairs and kernel by kernel.
enum KernelTables {
    private static let sets = ["baseline", "avx2", "avx512", "neon"]
    private static let kernels = ["copyWithoutNaN", "sort", "moments", "gaps", "ranks", "list", "count"]

    static func pairs(_ results: NotedResults) -> ResultTable {
        let sizes = [30, 60, 180, 1440]
        let measured = sets.filter { set in sizes.contains { results.rounds("sets-\($0)", set) != nil } }
        var table = ResultTable("Instruction sets", columns: ["samples a side"] + measured)
        for size in sizes {
            let rounds = measured.compactMap { results.rounds("sets-\(size)", $0) }
            guard rounds.count == measured.count, !rounds.isEmpty else { continue }
            table.add(["\(size)"] + rounds.map { Shown.number(1 / $0.median) })
        }
        table.note = "Normal pairs judged a CPU second."
        return table
    }

    static func kernels(_ results: NotedResults) -> ResultTable {
        let names = kernels.flatMap { kernel in [60, 1440].map { (kernel, $0, "kernel-\(kernel)-\($0)") } }
        let measured = sets.filter { set in names.contains { results.rounds($0.2, set) != nil } }
        var table = ResultTable(
            "Kernels",
            columns: ["kernel", "samples a side"]
                + measured.map { "\($0): ns a call" } + measured.map { "\($0): cycles a sample" }
        )
        var cycles: [Double] = []
        for (kernel, size, name) in names {
            guard let cycle = results.rounds(name, "cycle") else { continue }
            let rounds = measured.compactMap { results.rounds(name, $0) }
            guard rounds.count == measured.count else { continue }
            cycles.append(cycle.median)
            table.add(
                ["`\(kernel)`", "\(size)"] + rounds.map { Shown.number($0.median * 1e9) }
                    + rounds.map { Shown.number($0.ratio(to: cycle) / Double(size)) }
            )
        }
        if !cycles.isEmpty {
            table.note = "The processor's clock: \(Shown.number(1e-9 / Rounds(values: cycles).median)) GHz."
        }
        return table
    }
}
