import Foundation
import TextFiles

/// A directory of recorded series.
///
/// Three layouts are known, each in a folder of its own; a folder that is missing is left out, and names of files are free:
///
/// - `azure-vm-noise/<benchmark>.csv`: runs of a benchmark on several machines;
/// - `nab/<folder>/<series>.csv`, with `nab/combined_windows.json`: single series with labelled anomalies;
/// - `petshop/<traffic>/noissue/metrics.csv`: metrics of all components of an application.
package struct SeriesDirectory: Sendable {
    /// What can be evaluated, in a fixed order.
    package private(set) var families: [SeriesFamily] = []
    /// What was left out, and why: a sentence each.
    package private(set) var problems: [String] = []

    static let maximumBytes = 64 << 20
    /// A component whose values are mostly missing is no metric to judge.
    static let leastFilled = 0.5

    /// - Throws: `SeriesProblem` where there is no such directory, or nothing in it can be evaluated.
    package init(_ path: String) throws(SeriesProblem) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw SeriesProblem(path, "is no directory")
        }
        for file in Self.files(in: "\(path)/azure-vm-noise") { use(file) { try $0.addMachines($1, file) } }
        addLabelled(in: "\(path)/nab")
        for traffic in Self.folders(in: "\(path)/petshop") {
            let file = "\(path)/petshop/\(traffic)/noissue/metrics.csv"
            guard FileManager.default.fileExists(atPath: file) else { continue }
            let name = traffic.hasSuffix("_traffic") ? String(traffic.dropLast(8)) : traffic
            use(file) { try $0.addComponents($1, file, "petshop \(name)") }
        }
        guard !families.isEmpty else {
            let why = problems.first.map { "; \($0)" } ?? ": it holds none of azure-vm-noise, nab and petshop"
            throw SeriesProblem(path, "nothing in it can be evaluated\(why)")
        }
    }

    // MARK: Layouts

    private mutating func addMachines(_ text: String, _ file: String) throws {
        let name = Self.stem(file)
        let runs = try MachineRuns(parsing: text, file: file, name: name)
        let fallsWhenWorse = runs.isThroughput
        var concurrent: [RecordedSeries] = []
        for pair in runs.pairs {
            guard let offset = RecordedSeries.offset(for: pair.control + pair.experiment) else { continue }
            let content = RecordedSeries.Content.twins(control: pair.control, experiment: pair.experiment)
            concurrent.append(
                .init(name: pair.name, content, fallsWhenWorse: fallsWhenWorse, offset: offset, analyses: 200)
            )
        }
        let past = runs.series.compactMap { series in
            RecordedSeries.offset(for: series.values).map { offset in
                RecordedSeries(
                    name: series.name,
                    .past(series.values),
                    fallsWhenWorse: fallsWhenWorse,
                    offset: offset,
                    analyses: 40
                )
            }
        }
        add("azure \(name)", .concurrent, concurrent)
        add("azure \(name)", .before, past)
        if past.isEmpty { throw SeriesProblem(file, "holds no values above 0") }
    }

    private mutating func addLabelled(in folder: String) {
        let labels = "\(folder)/combined_windows.json"
        var windows = AnomalyWindows.none
        if FileManager.default.fileExists(atPath: labels) {
            use(labels) { windows = try AnomalyWindows(parsing: $1, file: labels) }
        }
        for name in Self.folders(in: folder) {
            var concurrent: [RecordedSeries] = []
            var past: [RecordedSeries] = []
            for file in Self.files(in: "\(folder)/\(name)") {
                use(file) { _, text in
                    let series = try LabelledSeries(parsing: text, file: file)
                    let stem = Self.stem(file)
                    let values = series.values(without: windows["\(name)/\(stem).csv"])
                    guard let offset = RecordedSeries.offset(for: values) else {
                        throw SeriesProblem(file, "has negative values, or none above 0")
                    }
                    let level = RecordedSeries.Content.level(SharedLevel(values, offset: offset))
                    concurrent.append(.init(name: stem, level, offset: offset, analyses: 80))
                    past.append(.init(name: stem, .past(values), offset: offset, analyses: 40))
                }
            }
            add("nab \(name)", .concurrent, concurrent)
            add("nab \(name)", .before, past)
        }
    }

    private mutating func addComponents(_ text: String, _ file: String, _ family: String) throws {
        let metrics = try ComponentMetrics(parsing: text, file: file)
        let groups = [("mean,p50,p90", ["average", "p50", "p90"]), ("p95,p99", ["p95", "p99"])]
        var found = false
        for (group, statistics) in groups {
            var twins: [RecordedSeries] = []
            var levels: [RecordedSeries] = []
            var past: [RecordedSeries] = []
            for column in metrics.columns
            where column.metric.lowercased() == "latency" && statistics.contains(column.statistic.lowercased()) {
                guard column.filled >= Self.leastFilled, let offset = RecordedSeries.offset(for: column.values) else {
                    continue
                }
                let name = "\(column.component) \(column.statistic)"
                let pairs = stride(from: 0, to: column.values.count - 1, by: 2).map {
                    (even: column.values[$0], odd: column.values[$0 + 1])
                }.filter { !$0.even.isNaN && !$0.odd.isNaN }
                let level = SharedLevel(column.values, offset: offset)
                let pair = RecordedSeries.Content.twins(control: pairs.map(\.even), experiment: pairs.map(\.odd))
                twins.append(.init(name: name, pair, offset: offset, analyses: 12))
                levels.append(.init(name: name, .level(level), offset: offset, analyses: 12))
                past.append(.init(name: name, .past(column.values), offset: offset, analyses: 40))
            }
            found = found || !twins.isEmpty
            add("\(family) odd/even \(group)", .concurrent, twins)
            add("\(family) level+noise \(group)", .concurrent, levels)
            add("\(family) \(group)", .before, past)
        }
        if !found { throw SeriesProblem(file, "has no column of latency with enough values") }
    }

    // MARK: Files

    private mutating func add(_ name: String, _ comparison: EvaluatedComparison, _ series: [RecordedSeries]) {
        guard !series.isEmpty else { return }
        families.append(SeriesFamily(name: name, comparison: comparison, series: series))
    }

    /// Reads a file; one that cannot be used is named among the problems.
    private mutating func use(_ file: String, _ body: (inout Self, String) throws -> Void) {
        do { try body(&self, try TextFile.read(file, maximumBytes: Self.maximumBytes)) } catch {
            problems.append("\(error)")
        }
    }

    private static func stem(_ file: String) -> String {
        URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    }

    private static func files(in folder: String) -> [String] {
        names(in: folder).filter { $0.lowercased().hasSuffix(".csv") }.map { "\(folder)/\($0)" }
    }

    private static func folders(in folder: String) -> [String] {
        names(in: folder).filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory)
                && isDirectory.boolValue
        }
    }

    /// Sorted, so that the order does not depend on the file system; hidden files are left out.
    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }
}

/// Series of one kind, compared in one way.
package struct SeriesFamily: Sendable {
    /// For example `petshop high odd/even p95,p99`.
    package let name: String
    package let comparison: EvaluatedComparison
    let series: [RecordedSeries]

    package var seriesCount: Int { series.count }
}
