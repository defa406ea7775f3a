import Glibc
import LoadRig
import Processes
import Synchronization

/// The rollout controller: one process after the other in the same place.
final class Controller: Sendable {
    private let rig: TestRig
    private let flags: [String]
    private let state: Mutex<(program: String, process: ChildProcess)>

    init(rig: TestRig, program: String, flags: [String]) throws {
        self.rig = rig
        self.flags = flags
        state = Mutex((program, try rig.start("rollout", program, flags)))
    }

    /// Ends it in order and starts another program, which goes on where it was.
    func replace(by program: String) async throws {
        let process = state.withLock { $0.process }
        process.send(signal: SIGTERM)
        _ = await process.waitUntilExit()
        let next = try rig.start("rollout", program, flags)
        state.withLock { $0 = (program, next) }
    }

    func stop() {
        state.withLock { $0.process }.send(signal: SIGTERM)
    }
}
