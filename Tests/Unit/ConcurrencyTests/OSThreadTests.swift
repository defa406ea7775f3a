import Concurrency
import Glibc
import Testing

@Suite struct OSThreadTests {
    @Test func signalsDoNotReachIt() async {
        let isBlocked = Promise<Bool>()
        let isStarted = OSThread.start {
            var signals = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &signals)
            isBlocked.set(sigismember(&signals, SIGTERM) == 1 && sigismember(&signals, SIGPIPE) == 1)
        }
        #expect(isStarted)
        #expect(await isBlocked.value())
    }

    @Test func aLoopIsMissedWhenItNoLongerGoesRound() async {
        let register = HeartbeatRegister()
        let start = ContinuousClock.now
        let busy = register.add("busy", at: start)
        let stuck = register.add("stuck", at: start)
        #expect(register.stalled(at: start + HeartbeatRegister.limit).isEmpty)
        busy.beat(at: start + .seconds(50))
        #expect(register.stalled(at: start + .seconds(61)) == ["stuck"])
        register.remove(stuck)
        #expect(register.stalled(at: start + .seconds(61)).isEmpty)
    }

    @Test func aLoopThatHasEndedIsNotMissed() async {
        let register = HeartbeatRegister()
        let (started, ends) = (Promise<Void>(), Gate())
        let isStarted = OSThread.startLoop("loop", in: register) { heartbeat in
            heartbeat.beat()
            started.set(())
            ends.wait()
        }
        #expect(isStarted)
        await started.value()
        let later = ContinuousClock.now + .seconds(3600)
        #expect(register.stalled(at: later) == ["loop"])
        ends.open()
        // It is taken off the list a moment after its body has returned.
        while !register.stalled(at: later).isEmpty { await Task.yield() }
    }
}

/// Lets a thread wait.
private final class Gate: @unchecked Sendable {
    /// Only touched through the C library, which makes it safe from any thread.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func wait() { while sem_wait(semaphore) != 0 {} }
    func open() { sem_post(semaphore) }
}
