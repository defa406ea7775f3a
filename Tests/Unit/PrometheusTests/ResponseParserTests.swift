import HTTPTestServer
import HTTPTransport
import SeededRandom
import Testing

@testable import Prometheus

@Suite struct ResponseParserTests {
    static let grid = QueryGrid(start: 1000, end: 5000, step: 1000)!

    static func parse(_ json: String, series: Int = 10, values: Int = 1000) throws(ResponseFailure) -> RangeQueryResult
    {
        var parser = ResponseParser(grid: grid, limits: .init(series: series, values: values))
        return try parser.parse(Array(json.utf8)).rangeQueryResult(on: grid)
    }

    @Test func aByteOrderMarkIsNoPartOfTheAnswer() throws {
        let answer = try Self.parse("\u{FEFF}" + Self.matrix(#"{"metric":{},"values":[[1,"1"]]}"#))
        #expect(Self.columns(answer) == ["1.0 _ _ _ _"])
    }

    static func matrix(_ result: String, _ rest: String = "") -> String {
        #"{"status":"success","data":{"resultType":"matrix","result":[\#(result)]}\#(rest)}"#
    }

    /// Columns with `_` for a missing value.
    static func columns(_ result: RangeQueryResult) -> [String] {
        result.series.map { $0.values.map { $0.isNaN ? "_" : "\($0)" }.joined(separator: " ") }
    }

    @Test(arguments: [
        ("", []),
        (#"{"metric":{},"values":[[1,"1"],[2,"2.5"],[3,"-3e-2"],[4,"+Inf"],[5,"-Inf"]]}"#, ["1.0 2.5 -0.03 inf -inf"]),
        (#"{"metric":{},"values":[[2,"NaN"],[3,"1"]]}"#, ["_ _ 1.0 _ _"]),
        (
            #"{"metric":{},"values":[[2.000,"1"],[2.5,"2"],[3.499,"3"],[5.499,"4"],[5.5,"5"],[0.5,"6"],[0.499,"7"]]}"#,
            ["6.0 1.0 3.0 _ 4.0"]
        ),
        (#"{"metric":{"a":"1"},"values":[]}, {"values":[[1,"1"]],"metric":{"a":"0"}}"#, ["1.0 _ _ _ _", "_ _ _ _ _"]),
        (#"{"metric":{},"histograms":[]}"#, ["_ _ _ _ _"]), (#"{"metric":{},"histograms":null}"#, ["_ _ _ _ _"]),
        (#"{"metric":{},"values":[[1,"1"]],"histograms":[],"new":{"x":[1,{"y":"}]"}],"z":null}}"#, ["1.0 _ _ _ _"]),
        (#"{"metric":{},"values":null}"#, ["_ _ _ _ _"]),
        (
            #"{"metric":{},"values":[[1e0,"1"],[2.0004999,"0x"],[3,"1"]]}"#.replacing("0x", with: "123456789012345678"),
            ["1.0 1.2345678901234568e+17 1.0 _ _"]
        ),
    ])
    func columnsOnTheGrid(result: String, columns: [String]) throws {
        #expect(Self.columns(try Self.parse(Self.matrix(result))) == columns)
    }

    private static let histogram = #"{"count":"1","sum":"2","buckets":[[0,"1","2","1"]]}"#

    @Test(arguments: [
        #"{"metric":{},"histograms":[[1,H]]}"#, #"{"metric":{},"histogram":[1,H]}"#,
        #"{"metric":{},"values":[[1,"1"]],"histograms":[[2,H]]}"#,
        #"{"histograms":[[1,H]],"values":[[2,"1"]],"metric":{}}"#,
        #"{"metric":{},"values":[[1,"1"]]},{"metric":{"a":"b"},"histograms":[[2,H]]}"#,
    ])
    func histogramsAreNoNumbers(result: String) {
        let failure = #expect(throws: ResponseFailure.self) {
            try Self.parse(Self.matrix(result.replacing("H", with: Self.histogram)))
        }
        #expect(failure?.code == .notNumbers)
        #expect(failure?.message.hasPrefix("The query gives histograms, not numbers: use histogram_quantile") == true)
    }

    @Test(arguments: [
        (
            #"{"metric":{},"values":[[1,2.5]]}"#,
            #"a sample's value is 2.5, where Prometheus writes a text such as "1.5""#
        ),
        (#"{"metric":{},"values":[[1,null]]}"#, "a sample's value is null, where"),
        (#"{"metric":{},"values":[[1,[2]]]}"#, "a sample's value is not a text"),
        (
            #"{"metric":{},"values":[[1,"nan"]]}"#,
            #"a sample's value is "nan", which is no number as Prometheus writes it"#
        ),
        (#"{"metric":{},"values":[[1,"Infinity"]]}"#, #"a sample's value is "Infinity", which is no number"#),
        (#"{"metric":{},"values":[[1]]}"#, "a sample has no value"),
        (#"{"metric":{},"values":[["1","2"]]}"#, "a sample's time is not a number of seconds"),
        (#"{"metric":{}}"#, "a series has no values"),
        (#"{"metric":{},"value":[1,"2"]}"#, "a series has one value, as an instant query gives"),
    ])
    func whatIsWrongIsSaid(result: String, words: String) {
        let failure = #expect(throws: ResponseFailure.self) { try Self.parse(Self.matrix(result)) }
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test(arguments: ["vector", "scalar", "string", "streams"])
    func otherResultsAreNamed(type: String) {
        let json = #"{"status":"success","data":{"resultType":"\#(type)","result":[]}}"#
        let failure = #expect(throws: ResponseFailure.self) { try Self.parse(json) }
        #expect(
            failure?.message.contains("its result is of the type \"\(type)\", where a range query gives a matrix")
                == true
        )
    }

    @Test func movedAndIgnoredSamplesAreCounted() throws {
        let result = try Self.parse(Self.matrix(#"{"metric":{},"values":[[1,"1"],[2.1,"2"],[9,"3"],[-1,"4"]]}"#))
        #expect([result.movedSamples, result.ignoredSamples] == [1, 2])
    }

    @Test func labelsAreReadAndSorted() throws {
        let result = try Self.parse(
            Self.matrix(
                #"{"metric":{"z":"\u00e9\n\"\\\/","a":"ü","__name__":"x","s":"\ud83d\ude00","l":"\ud83d!"},"values":[]}"#
            )
        )
        #expect(result.series[0].labels == ["__name__": "x", "a": "ü", "l": "\u{FFFD}!", "s": "😀", "z": "é\n\"\\/"])
        #expect(result.series[0].labels.pairs.map(\.name) == ["__name__", "a", "l", "s", "z"])
        #expect(result.series[0].labels["a"] == "ü")
    }

    @Test(
        arguments: [
            ("", [], [], false), (#","warnings":["w\n1"]"#, ["w 1"], [], true), (#","infos":["i"]"#, [], ["i"], false),
            (#","isPartial":true"#, [], [], true), (#","isPartial":false"#, [], [], false),
            (#","warnings":["PromQL info: x"]"#, [], ["PromQL info: x"], false),
            (#","warnings":null,"infos":null"#, [], [], false),
        ] as [(String, [String], [String], Bool)]
    )
    func remarks(rest: String, warnings: [String], infos: [String], isPartial: Bool) throws {
        let result = try Self.parse(Self.matrix("", rest))
        #expect(result.warnings == warnings)
        #expect(result.infos == infos)
        #expect(result.isPartial == isPartial)
    }

    @Test func remarksAreBounded() throws {
        let many = (0..<500).map { _ in "\"\(String(repeating: "x", count: 1000))\"" }.joined(separator: ",")
        let result = try Self.parse(Self.matrix("", ",\"warnings\":[\(many)]"))
        #expect(result.warnings.count == ResponseParser.maximumMessages)
        #expect(result.warnings.allSatisfy { $0.count <= 301 })
    }

    @Test(arguments: [
        "", "{", "[]", "null", #"{"status":"success"}"#, #"{"status":"success","data":null}"#,
        #"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
        #"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#,
        #"{"status":"success","data":{"result":[],"resultType":"vector"}}"#,
        #"{"status":"success","data":{"resultType":"matrix"}}"#, #"{"data":{"resultType":"matrix","result":[]}}"#,
        #"{"status":"success","data":{"resultType":"matrix","result":[],"result":[]}}"#, matrix("") + "x", matrix("1"),
        matrix(#"{"metric":{"a":1},"values":[]}"#), matrix(#"{"metric":{},"values":[[1,2]]}"#),
        matrix(#"{"metric":{},"values":[[1]]}"#), matrix(#"{"metric":{},"values":[["1","2"]]}"#),
        matrix(#"{"metric":{},"values":[[1,"x"]]}"#), matrix(#"{"metric":{},"values":[[1,""]]}"#),
        matrix(#"{"metric":{},"values":[[1,"0x10"]]}"#), matrix(#"{"metric":{},"values":[[1,"infinity"]]}"#),
        matrix(#"{"metric":{},"values":[[-,"1"]]}"#), matrix(#"{"metric":{},"values":[[1.,"1"],]}"#),
        matrix(#"{"metric":{},"values":[[99999999999999,"1"]]}"#), matrix(#"{"metric":{},"values":[[1e400,"1"]]}"#),
        matrix(#"{"metric":{"a":"\x"},"values":[]}"#), matrix(#"{"metric":{"a":"\u12"},"values":[]}"#),
        #"{"x":"# + String(repeating: "[", count: 100_000),
        #"{"x":"# + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "}",
    ])
    func garbage(json: String) {
        let failure = #expect(throws: ResponseFailure.self) { try Self.parse(json) }
        #expect(failure?.code == .malformedResponse)
    }

    @Test func limitsHoldWhileReading() throws {
        // Both texts break off after the limit: what follows is never read.
        let series = #"{"metric":{},"values":[]},"#
        let many =
            #"{"status":"success","data":{"resultType":"matrix","result":["# + String(repeating: series, count: 11)
        #expect(throws: ResponseFailure.tooManySeries(10)) { try Self.parse(many) }
        #expect(throws: ResponseFailure.tooManyValues(19)) { try Self.parse(many, values: 19) }
        #expect(throws: ResponseFailure.tooManyValues(4)) { try Self.parse(many, values: 4) }
        #expect(try Self.parse(Self.matrix(#"{"values":[]}"#), series: 1, values: 5).series.count == 1)
    }

    /// Broken and altered answers end in an error or a result, never in a trap.
    @Test func survivesAlteredBytes() {
        let sample = Array(
            Self.matrix(
                #"{"metric":{"a":"\u00e9\"x"},"values":[[1.5,"1e3"],[2,"NaN"]],"histograms":[],"new":[[1,{"b":[[0,"1"]]}]]}"#,
                #","warnings":["w"],"infos":[],"isPartial":true"#
            ).utf8
        )
        var generator = SeededGenerator(seed: 7)
        var parser = ResponseParser(grid: Self.grid, limits: .init(series: 10, values: 1000))
        var failures = 0
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert("\"\\{}[],:9-.e".utf8.randomElement(using: &generator) ?? 0, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange((place + 1)...)
                }
            }
            do { _ = try parser.parse(bytes).rangeQueryResult(on: Self.grid) } catch { failures += 1 }
        }
        #expect((10_000..<20_000).contains(failures))
    }

    @Test(
        arguments: [
            ("1435781430.781", 1_435_781_430_781), ("1435781430", 1_435_781_430_000), ("0.0005", 1), ("0.00049", 0),
            ("-1.5", -1500),
            ("1.4357814307e9", 1_435_781_430_700), ("9999999999999", 9_999_999_999_999_000),
            ("10000000000000", nil), ("", nil), ("-", nil), (".", nil), ("1.2.3", nil), ("x", nil), ("NaN", nil),
            ("99999999999999999999999999", nil), ("1e13", nil),
        ] as [(String, Int64?)]
    )
    func times(text: String, milliseconds: Int64?) {
        #expect(SampleNumbers.milliseconds(ArraySlice(text.utf8)) == milliseconds)
    }

    @Test func valuesReadAsSwiftReadsThem() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            let texts = ["\(value)", "\(Double(generator.next() % 1_000_000) / 1000)", "\(generator.next() % 100_000)"]
            for text in texts where !text.contains("nan") && !text.contains("inf") {
                #expect(SampleNumbers.value(ArraySlice(text.utf8)) == Double(text))
            }
        }
    }

    @Test(
        arguments: [
            (Int64(0), Int64(10), Int64(5), 3), (0, 9, 5, 2), (0, 0, 1, 1), (-10, 10, 5, 5), (5, 0, 1, nil),
            (0, 10, 0, nil), (0, 10, -1, nil),
            (Int64.min, Int64.max, 1, nil), (0, Int64.max, 1, nil), (0, 1, Int64.max, nil),
        ] as [(Int64, Int64, Int64, Int?)]
    )
    func grids(start: Int64, end: Int64, step: Int64, count: Int?) {
        #expect(QueryGrid(start: start, end: end, step: step)?.count == count)
    }
}
