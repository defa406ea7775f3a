import Analysis
import JudgeInputs
import Testing

@Suite struct SeriesFileTests {
    private static let notation: [(String, [Double])] = [
        ("1.5", [1.5]), ("0x2", [0, 0, 0]), ("-0x1", [0, 0]), ("0+0x1", [0, 0]), ("0+10x3", [0, 10, 20, 30]),
        ("9-1x2", [9, 8, 7]), ("5x2", [5, 5, 5]), ("-2+1x1", [-2, -1]),
        ("1e3", [1000]), ("1e-3x1", [0.001, 0.001]), ("1e2+1e1x1", [100, 110]), ("-0.5-0.5x2", [-0.5, -1, -1.5]),
        ("+Inf", [.infinity]), ("-Inf", [-.infinity]),
    ]

    @Test(arguments: notation)
    func notationGivesSamples(word: String, expected: [Double]) {
        #expect(SampleNotation.values(of: word) == expected)
    }

    @Test(arguments: ["_", "NaN", "_x3"])
    func missingSamplesAreNaN(word: String) {
        #expect(SampleNotation.values(of: word)?.allSatisfy(\.isNaN) == true)
        #expect(SampleNotation.values(of: word)?.count == (word == "_x3" ? 3 : 1))
    }

    @Test(arguments: [
        "", "x", "1x", "1x-1", "x3", "a+bx3", "1+x3", "1x999999999", "1+2", "--1", "0x1x2", "0xA", "1+0x1x2",
    ])
    func whatIsNoNotationIsRefused(word: String) {
        #expect(SampleNotation.values(of: word) == nil)
    }

    @Test func readsBothSidesAndIgnoresComments() throws {
        let file = try SeriesFile(
            parsing: """
                # two metrics
                errors control    0 0 _ 0   # a gap
                errors canary     0.1x2
                latency baseline  0+1x2
                """,
            file: "f"
        )
        #expect(file.metrics == ["errors", "latency"])
        #expect(file.values(metric: "errors", side: .control).count == 4)
        #expect(file.values(metric: "errors", side: .experiment) == [0.1, 0.1, 0.1])
        #expect(file.values(metric: "latency", side: .control) == [0, 1, 2])
        #expect(file.values(metric: "latency", side: .experiment).isEmpty)
    }

    @Test(arguments: [
        ("errors 1 2", "f:1: error: expected a metric's name, then control or experiment, then samples"),
        (
            "\nerrors control 1 z",
            "f:2: error: \"z\" is not a sample: accepted are 1.5, _, NaN, 5x10, 0+10x10 and 9-1x5"
        ),
        ("e control 1\ne control 2", "f:2: error: e control stands here twice"),
    ])
    func errorsNameTheLine(text: String, expected: String) {
        do throws(SeriesFileError) {
            _ = try SeriesFile(parsing: text, file: "f")
            Issue.record("no error")
        } catch {
            #expect(error.description == expected)
        }
    }
}

extension SeriesFileTests {
    @Test("Files from Windows: line ends of two characters, a byte order mark") func windows() throws {
        let text = "\u{FEFF}m control 1 2\r\nm experiment 3 4\r\n# c\r\n"
        let file = try SeriesFile(parsing: text, file: "f")
        #expect(file.values(metric: "m", side: .control) == [1, 2])
        #expect(file.values(metric: "m", side: .experiment) == [3, 4])
        let error = #expect(throws: SeriesFileError.self) {
            try SeriesFile(parsing: "m control 1\r\nm experiment x\r\n", file: "f")
        }
        #expect(error?.line == 2)
    }
}
