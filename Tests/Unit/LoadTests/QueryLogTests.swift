import Histogram
import Testing

@testable import load

@Suite struct QueryLogTests {
    private var log = QueryLog(series: 2, start: 0, interval: 10_000)

    @Test mutating func `a request in time is as late as it comes after its window`() {
        log.record(0, end: 10_000, at: 12_000, failed: false)
        log.record(0, end: 20_000, at: 21_500, failed: false)
        #expect(log.lateness.totalCount == 2)
        #expect(log.lateness.max == 2000)
        #expect(log.skipped == 0)
    }

    @Test mutating func `looks that were skipped count with the request that brought their samples`() {
        log.record(0, end: 30_000, at: 31_000, failed: false)
        #expect(log.lateness.totalCount == 3)
        #expect(log.skipped == 2)
        #expect(log.lateness.countForValue(21_000) == 1)
        #expect(log.lateness.min == 1000)
    }

    @Test mutating func `the same window once more is a repeat, and not as late again`() {
        log.record(1, end: 10_000, at: 12_000, failed: true)
        log.record(1, end: 10_000, at: 19_000, failed: false)
        #expect((log.requests, log.errors, log.repeats) == (2, 1, 1))
        #expect(log.lateness.totalCount == 1)
    }

    @Test mutating func `what does not exist is counted only`() {
        log.record(nil, end: 10_000, at: 12_000, failed: false)
        log.recordRefusal()
        #expect((log.requests, log.refused, log.lateness.totalCount) == (2, 1, 0))
    }
}
