import Glibc
import LoadBench
import Processes
import Synchronization

/// The rollout controller: one process after the other in the same place.
final class Controller: Sendable {
    private let bench: Bench
    private let flags: [String]
    private let state: Mutex<(program: String, process: ChildProcess)>

    init(bench: Bench, program: String, flags: [String]) throws {
        self.bench = bench
        self.flags = flags
        state = Mutex((program, try bench.start("rollout", program, flags)))
    }

    /// Ends it in order and starts another program, which goes on where it was.
    func replace(by program: String) async throws {
        let process = state.withLock { $0.process }
        process.send(signal: SIGTERM)
        _ = await process.waitUntilExit()
        let next = try bench.start("rollout", program, flags)
        state.withLock { $0 = (program, next) }
    }

    func stop() {
        state.withLock { $0.process }.send(signal: SIGTERM)
    }
}
