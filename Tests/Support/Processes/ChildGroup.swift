import Glibc
import Synchronization

/// Processes that end with this one, however it ends.
///
/// All are in one process group, led by a guard: a shell that waits for the end of a pipe that only this process holds
/// open. When this process has ended, even by SIGKILL, the guard ends the group. (`PR_SET_PDEATHSIG` would not do: it
/// goes by the thread that started the child, and threads of a pool come and go.)
package final class ChildGroup: Sendable {
    private struct State {
        var children: [ChildProcess] = []
        var isClosed = false
    }

    private static let script = """
        trap '' HUP INT TERM
        read -r line
        kill -s TERM -- -$$
        sleep 3
        kill -s KILL -- -$$
        """

    private let leader: ChildProcess
    private let pipe: Int32
    private let state = Mutex(State())

    package init() throws(ChildError) {
        var ends: [Int32] = [0, 0]
        // Close-on-exec: were a child to hold an end, the guard would never see the end of the pipe.
        guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw ChildError("no pipe could be made: \(Spawn.errorText(errno))")
        }
        defer { close(ends[0]) }
        let command = ChildCommand(
            name: "guard",
            executable: "/bin/sh",
            arguments: ["-c", Self.script],
            environment: ["PATH": "/usr/bin:/bin"],
            logPath: "/dev/null"
        )
        do {
            leader = ChildProcess(
                command,
                id: try Spawn.start(
                    command.executable,
                    command.arguments,
                    environment: command.environment,
                    group: 0,
                    input: .descriptor(ends[0])
                )
            )
        } catch {
            close(ends[1])
            throw error
        }
        pipe = ends[1]
    }

    deinit {
        close(pipe)
    }

    /// The process group's id.
    package var id: Int32 { leader.id }

    package func start(_ command: ChildCommand) throws(ChildError) -> ChildProcess {
        try state.withLock { state throws(ChildError) in
            guard !state.isClosed else { throw ChildError("\(command.name) was not started: its group is stopping") }
            state.children.removeAll { $0.exit != nil }
            let child = ChildProcess(command, id: try spawn(command))
            state.children.append(child)
            return child
        }
    }

    private func spawn(_ command: ChildCommand) throws(ChildError) -> pid_t {
        do {
            return try Spawn.start(
                command.executable,
                command.arguments,
                environment: command.environment,
                group: leader.id,
                output: .file(command.logPath),
                errors: .file(command.logPath)
            )
        } catch {
            throw ChildError("\(command.name) could not be started: \(error)")
        }
    }

    /// Kills every process. No process can be started afterwards.
    package func kill() {
        let children = state.withLock { state in
            state.isClosed = true
            return state.children
        }
        for child in children { child.send(signal: SIGKILL) }
    }

    /// Ends every process, newest first and one after the other, so that what others depend on goes last. Kills what is
    /// left after `grace`, and returns when all have ended.
    ///
    /// Does its work in a cancelled task as well. No process can be started afterwards.
    package func terminate(grace: Duration) async {
        let children = state.withLock { state in
            state.isClosed = true
            return state.children
        }
        let deadline = Task.detached {
            try? await Task.sleep(for: grace)
            guard !Task.isCancelled else { return }
            for child in children { child.send(signal: SIGKILL) }
        }
        for child in children.reversed() {
            child.send(signal: SIGTERM)
            _ = await child.waitUntilExit()
        }
        deadline.cancel()
        // The guard, and whatever the children have started and left behind in the group.
        if leader.exit == nil { Glibc.kill(-leader.id, SIGKILL) }
        _ = await leader.waitUntilExit()
    }
}
