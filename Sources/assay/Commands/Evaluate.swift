import ArgumentParser
import Evaluation
import Foundation
import Glibc
import Service

/// `assay evaluate`: how often judges are wrong, and how soon they are right.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs judges over recorded or simulated series: false aborts, what is found, and when.",
        discussion: """
            Judges: \(EvaluatedJudges.names.joined(separator: ", ")).

            A directory of series has folders of these layouts, any of them: azure-vm-noise/<benchmark>.csv,
            nab/<folder>/<series>.csv with nab/combined_windows.json, petshop/<traffic>/noissue/metrics.csv. Files that cannot
            be read are named on standard error, and left out.

            One unit of time is one look. An analysis ends at its first decision. Exit code 0: evaluated. 3: an error.
            """
    )

    @Option(help: "Judges, separated by commas.")
    var judge = EvaluatedJudges.standard.joined(separator: ",")

    @Option(help: "Directory of recorded series; ASSAY_SERIES_DIR if left out.")
    var series: String?

    @Flag(help: "Simulate counts of errors: 576 cells of requests, split, errors and noise.")
    var counts = false

    @Flag(help: "Simulate latencies in a histogram.")
    var latency = false

    @Flag(help: "Simulate values whose ratio wanders on its own: 12 cells of size and memory.")
    var values = false

    @Flag(help: "Simulate releases of which five metrics are judged together.")
    var severalMetrics = false

    @Option(
        help:
            "Looks of an analysis, separated by commas; 20,60,240 of recorded series and 60 of simulated ones if left out."
    )
    var steps: String?

    @Option(help: "Only this comparison: concurrent (a control at the same time) or before (the same series earlier).")
    var comparison: String?

    @Option(
        help:
            "How releases get worse, separated by commas: step (at once), ramp (over a third), half (from the middle on)."
    )
    var shapes = "step"

    @Option(help: "By what worse releases are worse, separated by commas; 1.1,1.25,1.5,2 and the like if left out.")
    var effects: String?

    @Option(help: "Only families whose name contains this text.")
    var family: String?

    @Option(help: "Analyses of each series, or of each simulated cell.")
    var analyses: Int?

    @Option(help: "Random numbers follow from it.")
    var seed: UInt64 = 1

    @Option(help: "table, json or html.")
    var output = "table"

    @Option(help: "Write to this file instead of standard output.")
    var out: String?

    private enum Form: String { case table, json, html }

    func validate() throws {
        _ = try names(judge, of: EvaluatedJudges.names, "judge")
        _ = try stepCounts()
        _ = try ratios()
        _ = try names(shapes, of: Degradation.Shape.allCases.map(\.rawValue), "shape")
        guard Form(rawValue: output) != nil else { throw ValidationError("--output is table, json or html") }
        guard comparison.map({ EvaluatedComparison(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("--comparison is concurrent or before")
        }
        guard (analyses ?? 1) > 0, (analyses ?? 1) <= 1_000_000 else {
            throw ValidationError("--analyses is a number from 1 to 1000000")
        }
    }

    func run() async throws {
        try await ExitReport.guarding {
            let request = try request()
            let bar = ProgressBar()
            let rows = await Evaluator(judges: try names(judge, of: EvaluatedJudges.names, "judge"), seed: seed).rows(
                of: request.sources,
                threads: ProcessInfo.processInfo.activeProcessorCount,
                progress: bar.show
            )
            bar.clear()
            guard !rows.isEmpty else {
                throw SettingsError("nothing to evaluate: no series is long enough, or no family has that name")
            }
            try write(EvaluationReport(rows: rows, seed: seed))
        }
    }

    private func request() throws -> EvaluationRequest {
        var request = EvaluationRequest()
        request.includesCounts = counts
        request.includesLatency = latency
        request.includesValues = values
        request.includesSeveralMetrics = severalMetrics
        request.steps = try stepCounts()
        request.comparisons = comparison.flatMap(EvaluatedComparison.init).map { [$0] } ?? request.comparisons
        request.shapes = try names(shapes, of: Degradation.Shape.allCases.map(\.rawValue), "shape")
            .compactMap(Degradation.Shape.init)
        request.analyses = analyses
        request.ratios = try ratios()
        request.family = family
        let isSimulated = counts || latency || values || severalMetrics
        let variable = ProcessInfo.processInfo.environment["ASSAY_SERIES_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        if let path = series ?? (isSimulated ? nil : variable) {
            let directory = try SeriesDirectory(path)
            for problem in directory.problems { StandardError.write("assay: left out: \(problem)\n") }
            request.directory = directory
        } else if !isSimulated {
            throw SettingsError(
                "give --series (or ASSAY_SERIES_DIR), or what to simulate: --counts, --latency, --values, --several-metrics"
            )
        }
        return request
    }

    private func write(_ report: EvaluationReport) throws {
        let text =
            switch Form(rawValue: output) ?? .table {
            case .table: report.text.joined(separator: "\n") + "\n"
            case .json: report.json + "\n"
            case .html: report.page
            }
        guard let out else {
            print(text, terminator: "")
            return
        }
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: out)) } catch {
            throw SettingsError("\(out): cannot be written")
        }
    }

    // MARK: Lists

    private func names(_ list: String, of known: [String], _ kind: String) throws -> [String] {
        let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for name in names where !known.contains(name) {
            throw ValidationError("there is no \(kind) \(name); there are \(known.joined(separator: ", "))")
        }
        guard Set(names).count == names.count else { throw ValidationError("a \(kind) is named twice") }
        return names
    }

    private func ratios() throws -> [Double]? {
        guard let effects else { return nil }
        let ratios = effects.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
        guard ratios.allSatisfy({ (1...1_000).contains($0) }), Set(ratios).count == ratios.count else {
            throw ValidationError("--effects is a list of different ratios from 1 to 1000, separated by commas")
        }
        // The healthy release is always there.
        return ratios.filter { $0 > 1 }
    }

    private func stepCounts() throws -> [Int]? {
        guard let steps else { return nil }
        let counts = steps.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard counts.allSatisfy({ (4...10_000).contains($0) }), Set(counts).count == counts.count else {
            throw ValidationError("--steps is a list of different numbers from 4 to 10000, separated by commas")
        }
        return counts
    }
}

/// How far a command is, on standard error where that is a terminal.
private struct ProgressBar {
    private let isShown = isatty(STDERR_FILENO) == 1
    private static let width = 40

    func show(_ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        let filled = Self.width * done / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        StandardError.write("\r[\(bar)] \(done) of \(total) analyses")
    }

    func clear() {
        if isShown { StandardError.write("\r\u{1B}[K") }
    }
}
