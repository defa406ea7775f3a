import Testing

@testable import Postgres

@Suite struct PoolStateMachineTests {
    private typealias Action = PoolStateMachine.Action

    private let start = ContinuousClock.now
    private var limits: PostgresPoolLimits {
        var limits = PostgresPoolLimits()
        limits.maximumConnections = 2
        limits.maximumWaiting = 3
        limits.minimumPause = .seconds(1)
        limits.maximumPause = .seconds(8)
        return limits
    }

    private func machine() -> PoolStateMachine { PoolStateMachine(limits: self.limits) }

    @Test func connectionsAreMadeWhenNeededAndLentAgain() {
        var machine = self.machine()
        #expect(machine.acquire(1, now: self.start) == [.connect(1)])
        #expect(machine.connected(1, now: self.start, jitter: 1) == [.grant(1, 1)])
        #expect(machine.acquire(2, now: self.start) == [.connect(2)])
        #expect(machine.release(1, isReusable: true, now: self.start) == [.grant(2, 1)])
        #expect(machine.connected(2, now: self.start, jitter: 1) == [])
        #expect(machine.statistics.idle == 1)
        #expect(machine.acquire(3, now: self.start) == [.grant(3, 2)])
    }

    @Test func callersAreServedInTheirOrderAndTheNextIsRefused() {
        var machine = self.machine()
        #expect(machine.acquire(1, now: self.start) == [.connect(1)])
        #expect(machine.acquire(2, now: self.start) == [.connect(2)])
        #expect(machine.acquire(3, now: self.start) == [])
        #expect(machine.acquire(4, now: self.start) == [.refuse(4, .tooManyWaiting)])
        #expect(machine.connected(2, now: self.start, jitter: 1) == [.grant(1, 2)])
        #expect(machine.acquire(5, now: self.start) == [])
        #expect(machine.connected(1, now: self.start, jitter: 1) == [.grant(2, 1)])
        #expect(machine.release(1, isReusable: true, now: self.start) == [.grant(3, 1)])
        #expect(machine.release(1, isReusable: true, now: self.start) == [.grant(5, 1)])
    }

    @Test func brokenConnectionsAreReplaced() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 1)
        #expect(machine.release(1, isReusable: false, now: self.start) == [.close(1)])
        #expect(machine.acquire(2, now: self.start) == [.connect(2)])
        #expect(machine.acquire(3, now: self.start) == [])
        // The closed one counts until its thread has ended.
        #expect(machine.ended(1, now: self.start) == [.connect(3)])
        _ = machine.connected(2, now: self.start, jitter: 1)
        // One that ends while it is lent waits for its holder.
        #expect(machine.ended(2, now: self.start) == [])
        #expect(machine.release(2, isReusable: false, now: self.start) == [])
        #expect(machine.acquire(4, now: self.start) == [.connect(4)])
    }

    @Test func anIdleConnectionThatEndsIsForgotten() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 1)
        _ = machine.release(1, isReusable: true, now: self.start)
        #expect(machine.ended(1, now: self.start) == [])
        #expect(machine.acquire(2, now: self.start) == [.connect(2)])
    }

    @Test func anUnreachableServerIsTriedOnceAtATimeWithGrowingPauses() {
        var machine = self.machine()
        var now = self.start
        #expect(machine.acquire(1, now: now) == [.connect(1)])
        #expect(machine.acquire(2, now: now) == [.connect(2)])
        #expect(machine.connectFailed(1, now: now, jitter: 1) == [])
        #expect(machine.connectFailed(2, now: now, jitter: 1) == [.retry(at: now + .seconds(2))])
        #expect(machine.acquire(3, now: now) == [])
        var pause = Duration.seconds(2)
        for attempt in 3...8 as ClosedRange<UInt64> {
            now += pause
            #expect(machine.retry(now: now) == [.connect(attempt)])
            pause = min(.seconds(8), pause * 2)
            #expect(machine.connectFailed(attempt, now: now, jitter: 1) == [.retry(at: now + pause)])
        }
        now += pause
        #expect(machine.retry(now: now) == [.connect(9)])
        #expect(machine.connected(9, now: now, jitter: 1) == [.grant(1, 9), .connect(10)])
        #expect(machine.statistics.failedAttempts == 0)
    }

    @Test func withoutCallersNothingIsTried() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        #expect(machine.abandon(1) == true)
        #expect(machine.abandon(1) == false)
        #expect(machine.connectFailed(1, now: self.start, jitter: 0) == [])
        #expect(machine.acquire(2, now: self.start) == [.retry(at: self.start + .milliseconds(500))])
        #expect(machine.acquire(3, now: self.start + .seconds(1)) == [.connect(2)])
    }

    @Test func aConnectionIdleForLongIsChecked() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 1)
        _ = machine.release(1, isReusable: true, now: self.start)
        let later = self.start + self.limits.checkAfterIdle
        #expect(machine.acquire(2, now: later) == [.check(1)])
        #expect(machine.checked(1, isHealthy: true, now: later) == [.grant(2, 1)])
        _ = machine.release(1, isReusable: true, now: later)
        let evenLater = later + self.limits.checkAfterIdle
        #expect(machine.acquire(3, now: evenLater) == [.check(1)])
        #expect(machine.acquire(4, now: evenLater) == [.connect(2)])
        // The caller whose connection was broken is still the first.
        #expect(machine.checked(1, isHealthy: false, now: evenLater) == [.close(1)])
        #expect(machine.connected(2, now: evenLater, jitter: 1) == [.grant(3, 2)])
    }

    @Test func aCallerMayLeaveDuringTheCheck() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 1)
        _ = machine.release(1, isReusable: true, now: self.start)
        let later = self.start + self.limits.checkAfterIdle
        #expect(machine.acquire(2, now: later) == [.check(1)])
        #expect(machine.abandon(2) == true)
        #expect(machine.checked(1, isHealthy: true, now: later) == [])
        #expect(machine.statistics.idle == 1)
    }

    @Test func oldConnectionsAreReplaced() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 0)
        let later = self.start + self.limits.maximumLifetime * 0.8
        #expect(machine.release(1, isReusable: true, now: later) == [.close(1)])
    }

    @Test func closingDrains() {
        var machine = self.machine()
        _ = machine.acquire(1, now: self.start)
        _ = machine.connected(1, now: self.start, jitter: 0)
        _ = machine.acquire(2, now: self.start)
        #expect(machine.acquire(3, now: self.start) == [])
        #expect(machine.close() == [.refuse(2, .closed), .refuse(3, .closed)])
        #expect(machine.acquire(4, now: self.start) == [.refuse(4, .closed)])
        #expect(machine.connected(2, now: self.start, jitter: 0) == [.close(2)])
        #expect(machine.ended(2, now: self.start) == [])
        #expect(machine.release(1, isReusable: true, now: self.start) == [.close(1)])
        #expect(machine.ended(1, now: self.start) == [.drained])
        #expect(machine.close() == [])
    }

    @Test func anUnusedPoolIsDrainedAtOnce() {
        var machine = self.machine()
        #expect(machine.close() == [.drained])
    }
}
