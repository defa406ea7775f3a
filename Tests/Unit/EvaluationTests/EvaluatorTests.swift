import Foundation
import JSON
import Testing

@testable import Evaluation

@Suite struct EvaluatorTests {
    private static func folder() throws -> SeriesFolder {
        let folder = try SeriesFolder()
        try folder.writeMachines("boot_us", runs: 200) { machine, run in 100 + Double((run * 37 + machine * 11) % 7) }
        try folder.writeLabelled("realThings", "load", samples: 300) { 50 + Double(($0 * 31) % 5) }
        return folder
    }

    private static func rows(threads: Int, seed: UInt64 = 1) async throws -> [EvaluationRow] {
        let folder = try folder()
        var request = EvaluationRequest()
        request.directory = try SeriesDirectory(folder.url.path)
        request.steps = [20]
        request.analyses = 20
        return await Evaluator(judges: EvaluatedJudges.names, seed: seed).rows(of: request.sources, threads: threads)
    }

    @Test func `rows do not depend on threads`() async throws {
        let one = try await Self.rows(threads: 1)
        #expect(try await Self.rows(threads: 4) == one)
        #expect(Set(one.map(\.family)) == ["azure boot_us", "nab realThings"])
        #expect(Set(one.map(\.comparison)) == [.concurrent, .before])
    }

    @Test func `JSON has the members that readers rely on`() async throws {
        let report = EvaluationReport(rows: try await Self.rows(threads: 2), seed: 1)
        let value = try JSONParser.parse(Array(report.json.utf8), maximumDepth: 8)
        let rows = try #require(value.object?["rows"]?.elements)
        #expect(rows.count == report.rows.count && !rows.isEmpty)
        for row in rows {
            let row = try #require(row.object)
            #expect(
                row.names.prefix(9) == [
                    "judge", "family", "comparison", "steps", "effect", "analyses", "failed", "passed", "medianLook",
                ]
            )
            #expect(["concurrent", "before"].contains(row["comparison"]?.text))
            let (failed, analyses) = (try #require(row["failed"]?.integer), try #require(row["analyses"]?.integer))
            #expect(analyses > 0 && failed <= analyses)
            #expect((row["medianLook"] == .null) == (failed == 0))
        }
        #expect(rows.contains { $0.object?["effect"]?.doubleValue == 1 })
        #expect(rows.contains { $0.object?["effect"]?.doubleValue == 1.25 })
    }

    @Test func `the table and the page name every judge and family`() async throws {
        let report = EvaluationReport(rows: try await Self.rows(threads: 2), seed: 1)
        let text = report.text.joined(separator: "\n")
        for word in EvaluatedJudges.names + ["azure boot_us", "nab realThings", "x1.25"] {
            #expect(text.contains(word) && report.page.contains(word), "\(word)")
        }
        #expect(!report.page.contains("<script") && !report.page.contains("http"))
        #expect(report.page.contains("prefers-color-scheme: dark"))
    }

    @Test func `names of files are no markup`() async throws {
        let folder = try SeriesFolder()
        try folder.writeMachines("<b> & \"c\"") { _, run in Double(run + 1) }
        var request = EvaluationRequest()
        request.directory = try SeriesDirectory(folder.url.path)
        request.steps = [20]
        request.analyses = 2
        let rows = await Evaluator(judges: ["threshold"], seed: 1).rows(of: request.sources, threads: 1)
        let page = EvaluationReport(rows: rows, seed: 1).page
        #expect(page.contains("&lt;b&gt; &amp; &quot;c&quot;") && !page.contains("<b>"))
    }

    @Test func `progress counts to the end`() async throws {
        var request = EvaluationRequest()
        request.includesSeveralMetrics = true
        request.steps = [8]
        request.analyses = 20
        var seen: [Int] = []
        let rows = await Evaluator(judges: ["threshold"], seed: 1).rows(of: request.sources, threads: 2) {
            done,
            total in
            #expect(total == 60)
            seen.append(done)
        }
        #expect(seen == seen.sorted() && seen.last == 60)
        #expect(rows.count == 7 && rows.allSatisfy { $0.analyses == 20 })
    }

    @Test func `intervals of shares`() {
        let interval = WilsonInterval.of(5, among: 100)
        #expect((interval.lowerBound - 0.0215).magnitude < 1e-4 && (interval.upperBound - 0.1118).magnitude < 1e-4)
        #expect(WilsonInterval.of(0, among: 100).lowerBound == 0 && WilsonInterval.of(100, among: 100).upperBound == 1)
        #expect(WilsonInterval.of(0, among: 0) == 0...1)
    }

    @Test func `medians of looks`() {
        var tally = OutcomeTally(looks: 10)
        #expect(tally.medianLook == nil)
        for look in [2, 3, 9] { tally.add(AnalysisOutcome(failedAt: look)) }
        #expect(tally.medianLook == 3)
        tally.add(AnalysisOutcome(failedAt: 4))
        #expect(tally.medianLook == 3.5)
    }
}
