import Analysis
import ArgumentParser
import Foundation
import JudgeInputs
import Judging
import PlanFormats
import Reports
import Service
import TextFiles

/// `assay judge`: judges series from a file, or Kayenta's cases from standard input.
struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judges series from a file with a plan, without any service.",
        discussion: """
            A series file has one line per side of a metric: name, control or experiment, then samples in Prometheus'
            notation (1 2 _ 4, 5x10, 0+10x10). Both sides begin at the same time: what one side lacks at its end is missing,
            and makes `inconclusive` of a pass. Exit code 0: pass. 1: fail. 2: marginal or inconclusive. 3: error.

            With --kayenta-cases, each line of standard input is one JSON object with config, scoreThresholds and
            metricSetPairs; each line of output is Kayenta's CanaryJudgeResult, or {"error": …}.
            """
    )

    @Option(help: "Plan file.")
    var plan: String?

    @Option(help: "Series file.")
    var series: String?

    @Flag(help: "Print the judgement as JSON.")
    var json = false

    @Flag(help: "Answer Kayenta's cases, one JSON object a line.")
    var kayentaCases = false

    func validate() throws {
        guard kayentaCases != (plan != nil && series != nil) else {
            throw ValidationError("give --plan and --series, or --kayenta-cases")
        }
    }

    func run() throws {
        if kayentaCases {
            while let line = readLine(strippingNewline: true) {
                if !line.isEmpty { print(KayentaCase.answer(line: line)) }
            }
            return
        }
        let report: JudgeReport
        do { report = try judge() } catch {
            StandardError.write("assay: \(error)\n")
            throw ExitCode(ExitReport.failure)
        }
        if json {
            print(String(decoding: try DomainJSON.encode(report), as: UTF8.self))
        } else {
            for line in VerdictText(style: .standardOutput).lines(report) { print(line) }
        }
        switch report.judgement.result {
        case .pass: return
        case .fail: throw ExitCode(1)
        case .marginal, .inconclusive, .unknown: throw ExitCode(2)
        }
    }

    private func judge() throws -> JudgeReport {
        let documents = try PlanDirectory.documents(inFile: plan ?? "", reader: PlanCatalog.reader)
        guard let plan = documents.first?.plan, documents.count == 1 else {
            throw SettingsError("\(self.plan ?? "") holds \(documents.count) plans; exactly one is accepted here")
        }
        let path = series ?? ""
        let text = try TextFile.read(path, maximumBytes: SeriesFile.maximumBytes, acceptsPipes: true)
        let file = try SeriesFile(parsing: text, file: path)
        if let unknown = file.metrics.first(where: { name in !plan.metrics.contains { $0.name == name } }) {
            throw SettingsError("\(path): the plan has no metric \(unknown)")
        }
        let review = SeriesReview(plan) { metric, side in file.values(metric: metric.name, side: side) }
        guard let judge = Judges.named(plan.judge) else { throw SettingsError("there is no judge named \(plan.judge)") }
        return JudgeReport(
            judging: review.pairs,
            queries: plan.metrics.map(\.query),
            by: judge,
            plan.scoringRules,
            planWarnings: PlanWarnings.ofVerdict(plan),
            ended: review.ended,
            gaps: review.warnings
        )
    }
}
