import Testing

@testable import Judging

@Suite("Numbers that are read once")
struct BriefNumberTests {
    @Test(
        "Three digits that count, thousands set apart, millions in words",
        arguments: [
            (0, "0"), (0.012345, "0.0123"), (0.99951, "1"), (1.02, "1.02"), (2.4137, "2.41"), (31.97, "32"),
            (999.6, "1,000"), (1_000, "1,000"), (18_042, "18,000"), (999_499, "999,000"), (999_600, "1 million"),
            (1_234_567, "1.23 million"), (5e9, "5 billion"), (4e12, "4000000000000"), (-1_500, "-1,500"),
            (.infinity, "Inf"), (.nan, "NaN"), (1e300, "1e300"),
        ]
    )
    func brief(number: Double, text: String) {
        #expect(number.brief == text)
    }

    @Test(
        "Counts are whole",
        arguments: [(0, "none"), (0.3, "less than 1"), (0.5, "1"), (41.4, "41"), (1_234, "1,230")]
    )
    func counts(number: Double, text: String) {
        #expect(number.briefCount == text)
    }

    @Test(
        "A ratio in a sentence and in a cell, with what its ends mean",
        arguments: [
            (2.41, 1.8, 3.1, 0.95, "2.41 times x", "1.8 to 3.1 times", "×2.41 (1.8 to 3.1)"),
            (32, 8.2, 32, 0.95, "32 times x or more", "at least 8.2 times", "≥ ×32 (at least 8.2)"),
            (0.03125, 0.03125, 0.9, 0.95, "1/32 of x or less", "at most 0.9 times", "≤ ×0.0313 (at most 0.9)"),
            (1.2, 0.03125, 32, 0.95, "1.2 times x", nil, "×1.2"), (1.4, 1.4, 1.4, 0, "1.4 times x", nil, "×1.4"),
        ] as [(Double, Double, Double, Double, String, String?, String)]
    )
    func ratios(
        estimate: Double,
        lower: Double,
        upper: Double,
        confidence: Double,
        times: String,
        interval: String?,
        cell: String
    ) {
        let ratio = RatioEstimate(estimate: estimate, lower: lower, upper: upper, confidence: confidence)
        #expect(ratio.times("x") == times)
        #expect(ratio.interval == interval)
        #expect(ratio.cell == cell)
    }
}
