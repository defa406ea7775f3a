import Foundation

/// What benchmarks noted of a run, each from its own process, for the report: lines of benchmark, name and value with
/// tabs between, appended to one file.
package enum Results {
    /// The environment variable that names the file. Without it, nothing is noted and the harness alone reports.
    package static let variable = "ASSAY_BENCHMARK_RESULTS"

    package static func record(_ benchmark: String, _ name: String, _ value: some CustomStringConvertible) {
        guard let path = ProcessInfo.processInfo.environment[variable], let file = fopen(path, "a") else { return }
        defer { fclose(file) }
        fputs("\(benchmark)\t\(name)\t\(value)\n", file)
    }
}

/// A benchmark whose code does not do what it is measured for.
package struct WrongResult: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Throws when the condition does not hold: speed says nothing about a wrong result.
package func check(_ condition: Bool, _ problem: @autoclosure () -> String) throws {
    if !condition { throw WrongResult(problem()) }
}

/// Keeps the optimiser from leaving out a computation whose result is not read.
@_optimize(none)
package func keep(_ value: borrowing some ~Copyable) {}
