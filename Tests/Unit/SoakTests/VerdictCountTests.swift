import Analysis
import Histogram
import Testing

@testable import soak

@Suite struct VerdictCountTests {
    private static let planned = (0..<10).map { Timestamp(milliseconds: 1_700_000_000_000 + Int64($0) * 100) }
    private var count = VerdictCount()

    private mutating func record(_ number: Int, _ result: String? = nil, id: String? = nil, after: Duration = .zero) {
        let release = GoodRelease(number)
        count.record(
            release,
            id: id ?? "\(number)/final",
            isFinal: true,
            result: result ?? "completed, \(release.result)",
            at: release.due(deployedAt: Self.planned[number]) + after
        )
    }

    @Test mutating func `every release once and right is nothing to tell`() {
        for number in 0..<10 { record(number, after: .milliseconds(250)) }
        let outcome = count.outcome(of: 0..<10, planned: Self.planned)
        #expect(outcome.expected == 10)
        #expect(outcome.lost == 0 && outcome.doubled == 0 && outcome.wrong.isEmpty)
        #expect(outcome.latency.max == 250)
    }

    @Test mutating func `what is missing, twice or otherwise is told, in the share that it belongs to`() {
        for number in 0..<8 { record(number) }
        record(3)
        record(5, id: "another/final")
        count.record(GoodRelease(6), id: "6/1", isFinal: false, result: nil, at: Self.planned[6])
        count.record(GoodRelease(6), id: "6/1", isFinal: false, result: nil, at: Self.planned[6])
        record(8, "completed, fail")
        record(9, "errored, inconclusive")
        let first = count.outcome(of: 0..<4, planned: Self.planned)
        #expect(first.lost == 0 && first.doubled == 1 && first.wrong.isEmpty)
        let second = count.outcome(of: 4..<10, planned: Self.planned)
        #expect(second.lost == 0 && second.doubled == 2)
        #expect(second.wrong == ["good-8: completed, fail, not pass", "good-9: errored, inconclusive, not fail"])
        #expect(VerdictCount().outcome(of: 0..<10, planned: Self.planned).lost == 10)
    }

    @Test mutating func `a verdict that cannot be read is wrong`() {
        count.record(GoodRelease(0), id: "0/final", isFinal: true, result: nil, at: Self.planned[0])
        #expect(count.outcome(of: 0..<1, planned: Self.planned).wrong == ["good-0: not to be read, not pass"])
    }
}
