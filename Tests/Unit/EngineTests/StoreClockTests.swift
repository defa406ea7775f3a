import Analysis
import Concurrency
import Engine
import Logging
import Simulation
import Store
import Synchronization
import Testing

/// The store's time, carried on by a clock of this machine that the test moves.
@Suite struct StoreClockTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    /// Both clocks. A reading of the store's time takes `reading`.
    private final class Clocks: MonotonicClock {
        private struct State {
            var store = StoreClockTests.start
            var uptime = Duration.seconds(1_000)
            var reading = Duration.zero
        }

        private let state = Mutex(State())

        func uptime() -> Duration { state.withLock { $0.uptime } }

        func sleep(for duration: Duration) async throws { machine(moves: duration) }

        func readStore() -> Timestamp {
            state.withLock { state in
                state.uptime += state.reading
                return state.store
            }
        }

        func machine(moves duration: Duration) { state.withLock { $0.uptime += duration } }

        func store(moves duration: Duration) { state.withLock { $0.store = $0.store + duration } }

        func readings(take duration: Duration) { state.withLock { $0.reading = duration } }
    }

    private let clocks = Clocks()

    private func clock() async throws -> StoreClock {
        let store = MemoryStore { [clocks] in clocks.readStore() }
        return try await StoreClock(
            store: store,
            machine: clocks,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test func theMachineCarriesTheStoresTimeOn() async throws {
        let clock = try await clock()
        #expect(clock.now() == Self.start)
        clocks.machine(moves: .seconds(3))
        #expect(clock.now() == Self.start + .seconds(3))
    }

    @Test(arguments: [Duration.seconds(-40), .milliseconds(10), .seconds(3_600)])
    func aReadingSetsItAnewAlsoBackwards(by moved: Duration) async throws {
        let clock = try await clock()
        clocks.machine(moves: .seconds(5))
        clocks.store(moves: .seconds(5) + moved)
        await clock.synchronize()
        #expect(clock.now() == Self.start + .seconds(5) + moved)
    }

    @Test func aReadingIsTakenToBeFromItsMiddle() async throws {
        let clock = try await clock()
        clocks.readings(take: .seconds(2))
        clocks.store(moves: .seconds(100))
        await clock.synchronize()
        #expect(clock.now() == Self.start + .seconds(101))
    }

    @Test func aSlowReadingChangesNothing() async throws {
        let clock = try await clock()
        clocks.readings(take: .milliseconds(2_001))
        clocks.store(moves: .seconds(100))
        await clock.synchronize()
        #expect(clock.now() == Self.start + .milliseconds(2_001))
    }

    @Test func sleepingTakesTheMachinesTime() async throws {
        let clock = try await clock()
        try await clock.sleep(until: Self.start + .seconds(30))
        #expect(clock.now() == Self.start + .seconds(30))
        // What has passed is not slept for.
        try await clock.sleep(until: Self.start)
        #expect(clock.now() == Self.start + .seconds(30))
    }
}
