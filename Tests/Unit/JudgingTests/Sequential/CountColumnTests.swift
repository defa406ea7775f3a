import Testing

@testable import Judging

/// Counts of a side that are told apart by a label.
@Suite struct CountColumnTests {
    private static func column(
        _ events: [(String, [Double])],
        _ requests: [(String, [Double])]
    ) -> CountColumn {
        CountColumn(
            events: events.map { (name: $0.0, values: $0.1) },
            requests: requests.map { (name: $0.0, values: $0.1) },
            count: 3
        )
    }

    private static func same(_ one: [Double], _ other: [Double]) -> Bool {
        one.map(\.bitPattern) == other.map(\.bitPattern)
    }

    @Test func `the sums are those of all groups, and what is missing is left out`() {
        let none = Double.nan
        let column = Self.column(
            [("b", [1, none, none]), ("a", [2, 3, none])],
            [("a", [10, none, none]), ("b", [20, 20, none]), ("c", [5, 5, none])]
        )
        #expect(Self.same(column.events, [3, 3, none]))
        #expect(Self.same(column.requests, [35, 25, none]))
        #expect(column.groups.map(\.name) == ["a", "b", "c"])
        #expect(!column.isCut)
        #expect(column.groups[0].counts(at: 1) == nil)
        #expect(column.groups[1].counts(at: 1).map { [$0.events, $0.requests] } == [0, 20])
        // There are requests, and no series of events at all.
        #expect(column.groups[2].counts(at: 0).map { [$0.events, $0.requests] } == [0, 5])
        #expect(column.groups[2].counts(at: 7) == nil)
    }

    @Test func `a series without the label counts in the sums alone`() {
        let zeros = Self.column([("", [0, 0, 0])], [("a", [1, 1, 1])])
        #expect(zeros.events == [0, 0, 0] && zeros.groups.map(\.name) == ["a"] && !zeros.isCut)
        let counted = Self.column([("", [0, 2, 0])], [("a", [1, 1, 1]), ("", [4, 4, 4])])
        #expect(counted.events == [0, 2, 0] && counted.requests == [5, 5, 5])
        #expect(counted.groups.map(\.name) == ["a"] && counted.isCut)
    }

    @Test func `groups and their names are bounded, and the sums are not`() {
        let names = (0..<300).map { "pod-\($0)" } + [String(repeating: "x", count: 300), "a\u{202E}b\n"]
        let column = Self.column([], names.map { ($0, [1, 1, 1]) })
        #expect(column.requests == [302, 302, 302])
        #expect(column.groups.count == CountColumn.largestGroupCount && column.isCut)
        let odd = Self.column([], [(String(repeating: "é", count: 200), [1, 1, 1]), ("a\u{202E}b\n", [2, 2, 2])])
        #expect(odd.groups.map(\.name) == ["a\u{FFFD}b\u{FFFD}"] && odd.isCut && odd.requests == [3, 3, 3])
    }

    @Test func `counts that are none say nothing`() {
        let column = Self.column([("a", [-1, 1e300, .infinity])], [("a", [5, 5, 5])])
        #expect((0..<3).allSatisfy { column.groups[0].counts(at: $0) == nil })
        let requests = Self.column([], [("a", [-1, .infinity, 0])])
        #expect(requests.groups[0].counts(at: 0) == nil && requests.groups[0].counts(at: 1) == nil)
        #expect(requests.groups[0].counts(at: 2).map { [$0.events, $0.requests] } == [0, 0])
    }

    @Test func `each series is replaced in the same way`() {
        let column = MetricIncrement.Column.counts(
            Self.column([("a", [1, 2, 3]), ("", [9, 9, 9])], [("a", [4, 5, 6])])
        )
        guard case .counts(let rest) = column.dropFirst(2) else { return }
        #expect(rest.events == [12] && rest.requests == [6] && rest.isCut)
        #expect(rest.groups == [CountGroup(name: "a", events: [3], requests: [6])])
    }
}
