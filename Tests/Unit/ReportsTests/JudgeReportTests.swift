import Analysis
import Foundation
import Judging
import Testing

@testable import Reports

@Suite struct JudgeReportTests {
    /// Half of what the weights should be, and an infinite sample in the second metric.
    private static func report(_ judge: any Judge = NetflixACAJudge()) throws -> JudgeReport {
        let values = [1.0, 1.1, 0.9, 1.2, 1, 0.8]
        let condition = try Condition(parsing: "canary < 100")
        let pairs = [values, values + [.infinity]].enumerated().map { index, experiment in
            MetricPair(
                name: "m\(index)",
                groups: ["g"],
                control: values,
                experiment: experiment,
                settings: MetricSettings(passCondition: condition)
            )
        }
        return JudgeReport(judging: pairs, by: judge, ScoringRules(groupWeights: ["g": 50]))
    }

    @Test("Warnings stand beside what they are about") func warnings() throws {
        let lines = VerdictText().lines(try Self.report())
        let score =
            "  warning: the weights are not scaled to 100: the best score is 50 (docs/judges/kayenta.md#weights-not-scaled)"
        #expect(lines.firstIndex(of: score) == 2, "\(lines)")
        #expect(lines.last?.hasPrefix("      warning: an infinite sample (experiment) makes the metric pass") == true)
        #expect(lines.count { $0.contains("warning: ") } == 2, "\(lines)")
    }

    @Test("The JSON is the judgement's, with warnings") func json() throws {
        let report = try Self.report()
        let data = try DomainJSON.encode(report)
        #expect(try DomainJSON.decode(Judgement.self, from: data).metrics.map(\.name) == ["m0", "m1"])
        struct Warned: Decodable {
            struct Metric: Decodable { var warnings: [String] }
            var warnings: [String]
            var metrics: [Metric]
        }
        let warned = try DomainJSON.decode(Warned.self, from: data)
        #expect(warned.warnings == report.warnings && warned.warnings.count == 1)
        #expect(warned.metrics.map(\.warnings) == report.metrics.map(\.warnings))
        #expect(report.metrics.map(\.warnings.count) == [0, 1])
    }

    @Test("Other judges have no quirks") func conditions() throws {
        let report = try Self.report(ConditionsJudge())
        #expect(report.warnings == [])
        #expect(report.metrics.map(\.warnings) == [[], []])
    }
}
