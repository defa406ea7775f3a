/// Measures the product's modules and prints Markdown tables. Run by `scripts/bench` from the root of the repository.
@main
struct Benchmarks {
    static func main() async throws {
        try await JudgeBenchmarks.table().print()
        try await ResponseBenchmarks.table().print()
        try await SessionBenchmarks.table().print()
        try await EventBenchmarks.table(examplePath: "docs/events/examples/deploy-full.json").print()
    }
}

/// A benchmark whose code does not do what it is measured for.
struct WrongResult: Error, CustomStringConvertible {
    let description: String
}

/// Throws when the condition does not hold: speed says nothing about a wrong result.
func check(_ condition: Bool, _ problem: @autoclosure () -> String) throws {
    if !condition { throw WrongResult(description: problem()) }
}

/// Keeps the optimiser from leaving out a computation whose result nobody reads.
@_optimize(none)
func keep(_ value: borrowing some ~Copyable) {}
