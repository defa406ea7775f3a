import Analysis
import Judging
import Testing

@Suite struct SampleCoverageTests {
    /// `x` for a sample, `_` for a missing one.
    static func values(_ picture: String) -> [Double] { picture.map { $0 == "_" ? .nan : 1 } }

    @Test(
        arguments: [
            ("", 0, 0, 0), ("xxx", 3, 0, 0), ("___", 0, 3, 0), ("__x", 1, 0, 0), ("x__", 1, 2, 0),
            ("x_x__x___", 3, 3, 2),
            ("__x_", 1, 1, 0),
        ] as [(String, Int, Int, Int)]
    )
    func counts(picture: String, present: Int, end: Int, gap: Int) {
        let coverage = SampleCoverage(Self.values(picture))
        #expect(coverage.expected == picture.count)
        #expect([coverage.present, coverage.missingAtEnd, coverage.longestGap] == [present, end, gap])
        #expect(coverage.missing == picture.count - present)
    }

    @Test(arguments: [
        ("xxxxxx____", true, true), ("xxxxxxx___", true, true), ("xxxxxxxx__", false, false),
        ("xxxxxxxxxx", false, false),
        ("xxxxxxx__x", false, false), ("__________", false, false), ("x_________", true, true),
        // What has not begun yet is no gap.
        ("____xxx___", true, true),
        // A side with gaps as long before: one more is no end.
        ("xx___xx___", false, false), ("xx__xx____", true, true), ("x___x_____", true, false),
    ])
    func ends(picture: String, hasEnded: Bool, withoutGaps: Bool) {
        let coverage = SampleCoverage(Self.values(picture))
        #expect(coverage.hasEnded(newest: 3) == hasEnded)
        #expect(coverage.hasEndedWithoutGaps(newest: 3) == withoutGaps)
    }

    @Test func longStepsAreLessPatient() {
        func newest(_ step: Duration) -> Int {
            AnalysisSchedule(step: step, interval: step * 10, lifetime: step * 10).newestSamples
        }
        #expect(
            [newest(.seconds(1)), newest(.seconds(59)), newest(.seconds(60)), newest(.seconds(3600))] == [3, 3, 2, 2]
        )
    }
}
