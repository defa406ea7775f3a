import Glibc
import Processes
import Synchronization

/// The demo's long-running processes: started, watched, killed on purpose and started again.
final class DemoProcesses: Sendable {
    private let group: ChildGroup
    private let running = Mutex<[DemoProcess: ChildProcess]>([:])
    private let deaths: AsyncStream<(ChildProcess, ChildExit)>
    private let died: AsyncStream<(ChildProcess, ChildExit)>.Continuation

    init(group: ChildGroup) {
        self.group = group
        (deaths, died) = AsyncStream.makeStream()
    }

    /// Process names with their ids.
    var ids: [(process: DemoProcess, id: Int32)] {
        running.withLock { running in
            DemoProcess.allCases.compactMap { process in running[process].map { (process, $0.id) } }
        }
    }

    func start(_ process: DemoProcess, _ command: ChildCommand) throws(ChildError) -> ChildProcess {
        let child = try group.start(command)
        running.withLock { $0[process] = child }
        Task { [self] in
            let exit = await child.waitUntilExit()
            // One that was killed on purpose has been taken out before.
            if running.withLock({ $0[process] === child }) { died.yield((child, exit)) }
        }
        return child
    }

    /// `kill -9`, and the same command again after `downtime`.
    func killAndRestart(_ process: DemoProcess, downtime: Duration) async throws -> ChildProcess? {
        guard let child = running.withLock({ $0.removeValue(forKey: process) }) else { return nil }
        child.send(signal: SIGKILL)
        _ = await child.waitUntilExit()
        try await Task.sleep(for: downtime)
        return try start(process, child.command)
    }

    /// Runs a program to its end.
    ///
    /// - Throws: `DemoFailure` with the end of its log unless it exits with 0.
    func runToEnd(_ command: ChildCommand) async throws {
        let child = try group.start(command)
        let exit = await withTaskCancellationHandler {
            await child.waitUntilExit()
        } onCancel: {
            child.send(signal: SIGTERM)
        }
        try Task.checkCancellation()
        guard exit == .code(0) else { throw Readiness.ended(child, exit) }
    }

    /// Returns only by throwing: what has ended that should not have, or that the task was cancelled.
    func watch() async throws {
        for await (child, exit) in deaths { throw Readiness.ended(child, exit) }
        throw CancellationError()
    }

    /// Ends all of them, in a cancelled task as well.
    func terminate() async {
        running.withLock { $0.removeAll() }
        await group.terminate(grace: .seconds(10))
    }
}
