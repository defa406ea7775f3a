import Analysis
import JSON
import KayentaFormats
import Testing

@Suite struct CanaryMixerTests {
    private let start = Timestamp(milliseconds: 1_796_000_400_000)

    private func sets(
        _ series: [([String: String], [Double])],
        step: Int64 = 60,
        empty: Int64 = 4
    ) -> [CanaryMetricSet] {
        let scope = CanaryScope(
            scope: nil,
            location: nil,
            start: start,
            end: start + .seconds(60 * empty),
            step: 60
        )
        let series = series.map { tags, values in
            let times = values.indices.map { start + .seconds(Int64($0) * step) }
            return CanarySeries(tags: tags, times: times, values: values)
        }
        return CanaryMetricSet.all(of: series, metric: "m", query: "up", scope: scope)
    }

    /// Tags and both sides of each pair.
    private func mix(_ control: [CanaryMetricSet], _ experiment: [CanaryMetricSet]) throws -> [String] {
        try CanarySetMixer.pairs(control: control, experiment: experiment, makeID: { "id" }).map { pair in
            [pair["tags"], pair["values", "control"], pair["values", "experiment"]].map { $0?.jsonText ?? "" }
                .joined(separator: " ")
        }
    }

    @Test func onePairAsItIsKept() throws {
        let control = sets([([:], [1, .nan, .infinity])])
        let pairs = try CanarySetMixer.pairs(control: control, experiment: sets([([:], [4])]), makeID: { "id" })
        #expect(
            pairs.map(\.jsonText) == [
                #"{"name":"m","id":"id","tags":{},"values":{"control":[1.0,"NaN","Infinity"],"experiment":[4.0]},"#
                    + #""scopes":{"control":{"startTimeIso":"2026-11-30T01:00:00Z","startTimeMillis":1796000400000,"#
                    + #""stepMillis":60000},"experiment":{"startTimeIso":"2026-11-30T01:00:00Z","#
                    + #""startTimeMillis":1796000400000,"stepMillis":0}},"attributes":{"control":{"query":"up"},"#
                    + #""experiment":{"query":"up"}}}"#
            ]
        )
    }

    @Test func pairsByTags() throws {
        let one = sets([(["z": "a"], [1, 2]), (["z": "b"], [3, 4])])
        #expect(
            try mix(one, sets([(["z": "b"], [5, 6])])) == [
                #"{"z":"a"} [1.0,2.0] ["NaN","NaN"]"#, #"{"z":"b"} [3.0,4.0] [5.0,6.0]"#,
            ]
        )
    }

    @Test("A side without an answer is gaps, as many as its window has steps")
    func empty() throws {
        #expect(try mix(sets([]), sets([])) == [#"{} ["NaN","NaN","NaN","NaN"] ["NaN","NaN","NaN","NaN"]"#])
        #expect(try mix(sets([], empty: 2), sets([(["z": "a"], [1, 2])])) == [#"{"z":"a"} ["NaN","NaN"] [1.0,2.0]"#])
        // Also where the side without tags has data.
        #expect(
            try mix(sets([(["z": "a"], [1, 2])]), sets([([:], [7, 8])])) == [#"{"z":"a"} [1.0,2.0] ["NaN","NaN"]"#]
        )
    }

    @Test func gapsWithinASeriesStayOut() throws {
        // The step is a guess from the first two samples.
        let sparse = sets([([:], [1, 2])], step: 600)
        #expect(try mix(sparse, sparse) == ["{} [1.0,2.0] [1.0,2.0]"])
    }

    @Test func otherKeysAreAnError() {
        let found = CanaryFixtures.problem {
            _ = try mix(sets([(["a": "1"], [1])]), sets([(["b": "1", "c": "2"], [1])]))
        }
        #expect(found == "Control metrics have different tag keys than the experiment tag set ([a] != [b, c]).")
    }
}
