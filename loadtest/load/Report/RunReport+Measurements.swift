import Analysis
import Histogram
import LoadRig

extension RunReport {
    /// One column for each number of analyses.
    mutating func add(_ measurements: [Measurement]) {
        let columns = measurements.map { "\($0.sessions)" }
        func table(_ title: String, _ rows: [(String, (Measurement) -> String)]) -> Table {
            Table(
                title: title,
                columns: ["analyses"] + columns,
                rows: rows.map { row in [row.0] + measurements.map(row.1) }
            )
        }
        tables = [
            table("Verdicts", Self.verdictRows), table("Work", Self.workRows), table("Time", Self.timeRows),
            table("What it took", Self.usageRows),
        ]
        if measurements.count > 1 { blocks = Self.charts(measurements) }
        notes += Self.readingNotes
        for measurement in measurements {
            let failures = measurement.verdicts.failures + measurement.failures
            self.failures += failures.map { "\(measurement.sessions) analyses: \($0)" }
        }
    }

    private typealias Row = (String, (Measurement) -> String)

    private static var verdictRows: [Row] {
        [
            ("final verdicts expected", { "\($0.verdicts.expected)" }),
            ("received", { "\($0.verdicts.received)" }),
            (
                "passed / failed / inconclusive",
                { "\($0.verdicts.passed) / \($0.verdicts.failed) / \($0.verdicts.inconclusive)" }
            ),
            ("missing", { "\($0.verdicts.missing.count)" }),
            ("doubled", { "\($0.verdicts.doubled.count)" }),
            ("wrong", { "\($0.verdicts.wrong.count)" }),
            ("right, at a later look than the first possible", { "\($0.verdicts.atLaterLook)" }),
            ("all verdicts on the topic, interim ones included", { "\($0.records)" }),
        ]
    }

    private static var workRows: [Row] {
        [
            ("events taken in a second (burst)", { $0.intake.perSecond.map { Figures.number($0) } ?? "-" }),
            ("all events in the inbox after s", { Figures.seconds($0.intake.accepted) }),
            ("all analyses open after s", { Figures.seconds($0.intake.opened) }),
            ("looks planned", { "\($0.workload.plannedLooks)" }),
            ("looks taken", { "\($0.looks.taken)" }),
            ("of them held, to be taken again", { "\($0.looks.held)" }),
            ("looks skipped because a newer one was due", { "\($0.looks.missed)" }),
            ("looks a second", { Figures.number($0.looks.perSecond) }),
            ("looks by replica", { $0.looks.shares.map { "\($0)" }.joined(separator: " / ") }),
            ("queries needed", { "\($0.looks.queriesNeeded)" }),
            ("queries sent", { "\($0.looks.queriesSent)" }),
            ("requests at the back end", { "\($0.queries.requests)" }),
            ("of them answered with an error", { "\($0.queries.errors)" }),
        ]
    }

    private static var timeRows: [Row] {
        [
            (
                "end of window → query, s: p50 / p99 / max",
                { Figures.percentiles($0.queries.lateness, [50, 99]) }
            ),
            (
                "bad sample → final verdict, s: p50 / p90 / p99 / max",
                { Figures.percentiles($0.verdicts.sinceBadSample, [50, 90, 99]) }
            ),
            (
                "last window → pass, s: p50 / p90 / p99 / max",
                { Figures.percentiles($0.verdicts.sinceLastWindow, [50, 90, 99]) }
            ),
        ]
    }

    private static var usageRows: [Row] {
        [
            ("CPU s of assay: intake", { Figures.number($0.usage.intakeSeconds) }),
            ("CPU s of assay: analyses", { Figures.number($0.usage.analysisSeconds) }),
            ("CPU s of assay per 1,000 analyses", { Figures.number($0.processorSecondsPerThousand) }),
            ("CPU ms of assay a look", { Figures.number($0.processorMillisecondsPerLook) }),
            ("processors used by assay", { Figures.number($0.usage.assay) }),
            ("the most over one interval", { Figures.number($0.usage.busiest) }),
            ("processors used by Postgres", { Figures.number($0.usage.postgres) }),
            ("processors used by this harness", { Figures.number($0.usage.harness) }),
            (
                "CPU s of it: back end / broker and Kafka clients / else",
                { measurement in
                    [HarnessParts.backEnd, HarnessParts.kafka, HarnessParts.others]
                        .map { Figures.number(measurement.usage.harnessParts[$0] ?? 0) }.joined(separator: " / ")
                }
            ),
            ("resident MiB when ready, all replicas", { Figures.mebibytes($0.usage.residentReady) }),
            ("resident MiB at most, all replicas", { Figures.mebibytes($0.usage.residentMost) }),
            ("resident MiB more per 1,000 analyses", { Figures.mebibytes($0.residentPerThousand) }),
            ("peak resident MiB of one replica", { Figures.mebibytes($0.usage.peak) }),
        ]
    }

    private static func charts(_ measurements: [Measurement]) -> [TextBlock] {
        func chart(_ title: String, _ unit: String, _ value: (Measurement) -> Double) -> TextBlock {
            BarChart(title: title, unit: unit, bars: measurements.map { ($0.sessions, value($0)) }).block
        }
        return [
            chart("Looks a second", "looks/s") { $0.looks.perSecond },
            chart("Processors used by assay while the analyses ran", "processors") { $0.usage.assay },
            chart("End of window → query, p99", "s") { Double($0.queries.lateness.valueAtPercentile(99)) / 1000 },
            chart("Bad sample → final verdict, p99", "s") {
                Double($0.verdicts.sinceBadSample.valueAtPercentile(99)) / 1000
            },
            chart("CPU of assay per 1,000 analyses", "CPU s") { $0.processorSecondsPerThousand },
            chart("Resident at most, all replicas", "MiB") { Double($0.usage.residentMost) / Double(1 << 20) },
        ]
    }

    private static let readingNotes = [
        "All analyses begin at once and look at the same moments: the worst case.",
        "End of window → query: includes the plan's delay. Looks that were skipped count with the request that brought"
            + " their samples.",
        "Bad sample → final verdict: from the sample's time until a reader of committed records has the verdict. Includes"
            + " the wait for the look that sees it, and the plan's delay.",
        "Times are percentiles of all values (HdrHistogram, three digits), measured from the moments that were planned.",
    ]
}

extension Measurement {
    fileprivate var processorSecondsPerThousand: Double {
        (usage.intakeSeconds + usage.analysisSeconds) / Double(max(1, sessions)) * 1000
    }

    fileprivate var processorMillisecondsPerLook: Double {
        looks.taken > 0 ? usage.analysisSeconds / Double(looks.taken) * 1000 : 0
    }

    fileprivate var residentPerThousand: Int {
        (usage.residentMost - usage.residentReady) * 1000 / max(1, sessions)
    }
}
