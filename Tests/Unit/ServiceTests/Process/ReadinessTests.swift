import Synchronization
import Testing
import Web

@testable import Service

@Suite struct ReadinessTests {
    @Test func isPutTogetherOnceASecond() async {
        let readiness = Readiness()
        let asked = Mutex(0)
        readiness.watch("store", decides: true) {
            asked.withLock { $0 += 1 }
            return nil
        }
        let start = ContinuousClock.now
        for _ in 0..<100 { #expect(await readiness.report(at: start).ready) }
        #expect(await readiness.report(at: start + .milliseconds(999)).ready)
        #expect(asked.withLock { $0 } == 1)
        _ = await readiness.report(at: start + .seconds(1))
        #expect(asked.withLock { $0 } == 2)
        // A stop is told at once.
        readiness.stop()
        #expect(await !readiness.report(at: start + .seconds(1)).ready)
    }
}
