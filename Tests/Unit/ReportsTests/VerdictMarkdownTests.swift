import Analysis
import Judging
import Testing

@testable import Reports

@Suite struct VerdictMarkdownTests {
    @Test("A verdict is a heading, its reason and a table of metrics")
    func text() throws {
        let verdict = try Fixtures.example("final-fail")
        let lines = VerdictMarkdown.text(verdict).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "### checkout 2.4.0 in production: fail")
        #expect(lines[2] == "Canary Failed: The metric error-ratio was classified as High (Critical)")
        #expect(lines[4] == "| metric | result | control | experiment |")
        #expect(lines[6].hasPrefix("| error-ratio | High, critical | "), "\(lines[6])")
    }

    @Test("Names from outside do not become markup")
    func escaping() throws {
        var verdict = try Fixtures.example("final-fail")
        verdict.reason = "a | b\n# [x](y) <b>"
        let text = VerdictMarkdown.text(verdict)
        #expect(text.contains("a \\| b \\# \\[x\\](y) \\<b\\>"), "\(text)")
        verdict.reason = "\u{600}<script>"
        #expect(VerdictMarkdown.text(verdict).contains("\u{600}\\<script\\>"))
    }

    @Test("A metric that is waited for shows what is there, and warnings name their metric")
    func held() throws {
        var verdict = try Fixtures.example("final-fail")
        verdict.metrics[0].held = .tooFewSamples
        verdict.metrics[0].judgement.classification = .nodata
        verdict.metrics[0].judgement.criticalFailure = false
        verdict.metrics[0].warnings = ["w_1"]
        let text = VerdictMarkdown.text(verdict)
        #expect(text.contains("| error-ratio | Nodata, waiting: tooFewSamples | "), "\(text)")
        #expect(text.contains("(n = "), "\(text)")
        #expect(text.contains("Warning, error-ratio: w\\_1"), "\(text)")
        let lines = VerdictText().lines(verdict)
        #expect(lines.contains("    error-ratio: Nodata, waiting: tooFewSamples"), "\(lines)")
    }
}
