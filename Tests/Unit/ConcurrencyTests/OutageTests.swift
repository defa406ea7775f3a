import Concurrency
import Testing

@Suite struct OutageTests {
    private let start = ContinuousClock.now
    private typealias Notice = Outage<ContinuousClock.Instant>.Notice

    @Test func isSaidOnceHoweverOftenSomethingFails() {
        var outage = Outage<ContinuousClock.Instant>()
        #expect(outage.began == nil && outage.lastFailure == nil)
        #expect(outage.failed(at: start) == .began)
        for second in 1..<600 { #expect(outage.failed(at: start + .seconds(second)) == nil) }
        #expect(outage.began == start && outage.lastFailure == start + .seconds(599))
    }

    @Test func isSpokenOfEveryTenMinutesWhileItLasts() {
        var outage = Outage<ContinuousClock.Instant>()
        let notices = stride(from: 0, through: 1500, by: 10).compactMap { outage.failed(at: start + .seconds($0)) }
        #expect(
            notices == [
                .began, .lasts(failures: 61, for: .seconds(600)), .lasts(failures: 121, for: .seconds(1200)),
            ]
        )
        // Ten minutes after the last line, not after the last failure.
        #expect(outage.failed(at: start + .seconds(1790)) == nil)
        #expect(outage.failed(at: start + .seconds(3000)) == .lasts(failures: 153, for: .seconds(3000)))
        #expect(outage.failed(at: start + .seconds(3010)) == nil)
    }

    @Test func itsEndIsSaidOnceAndTheNextOneBeginsAnew() {
        var outage = Outage<ContinuousClock.Instant>()
        #expect(outage.ended(at: start) == nil)
        _ = outage.failed(at: start)
        _ = outage.failed(at: start + .seconds(5))
        #expect(outage.ended(at: start + .seconds(20)) == .ended(failures: 2, after: .seconds(20)))
        #expect(outage.began == nil)
        #expect(outage.ended(at: start + .seconds(30)) == nil)
        #expect(outage.failed(at: start + .seconds(40)) == .began)
        #expect(outage.ended(at: start + .seconds(41)) == .ended(failures: 1, after: .seconds(1)))
    }
}
