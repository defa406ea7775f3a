import Foundation
import Glibc
import Testing

@testable import Processes

@Suite("Supervised processes", .timeLimit(.minutes(5)))
struct ChildGroupTests {
    private func shell(_ script: String, log: String = "/dev/null", environment: [String: String] = [:]) -> ChildCommand
    {
        var all = environment
        all["PATH"] = "/usr/bin:/bin"
        return ChildCommand(
            name: "shell",
            executable: "/bin/sh",
            arguments: ["-c", script],
            environment: all,
            logPath: log
        )
    }

    /// Whether no process of the group lives. A process that was not waited for yet (state Z) doesn't.
    private func isGone(group: Int32) -> Bool {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return !ids.contains { id in
            guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return false }
            // The name in brackets may hold anything, so the fields are counted from its end.
            let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 2 && fields[2] == "\(group)" && fields[0] != "Z" && fields[0] != "X"
        }
    }

    @Test(
        "How a process ends is told",
        arguments: [("exit 0", ChildExit.code(0)), ("exit 3", .code(3)), ("kill -9 $$", .signal(9))]
    )
    func exits(script: String, expected: ChildExit) async throws {
        let group = try ChildGroup()
        let child = try group.start(shell(script))
        #expect(await child.waitUntilExit() == expected)
        #expect(child.exit == expected)
        await group.terminate(grace: .seconds(5))
    }

    @Test("Output and environment are the command's alone")
    func output() async throws {
        let directory = try TemporaryDirectory()
        let log = "\(directory.path)/log"
        let group = try ChildGroup()
        let child = try group.start(shell("echo \"$A-$HOME\"; echo two >&2", log: log, environment: ["A": "b"]))
        _ = await child.waitUntilExit()
        #expect(LogTail.lines(of: log, count: 9) == ["b-", "two"])
        await group.terminate(grace: .seconds(5))
    }

    @Test("Terminating ends every process, and nothing is left of the group")
    func terminates() async throws {
        let group = try ChildGroup()
        let children = try (0..<3).map { _ in try group.start(shell("exec sleep 1000")) }
        await group.terminate(grace: .seconds(30))
        #expect(children.allSatisfy { $0.exit == .signal(SIGTERM) })
        #expect(isGone(group: group.id))
        #expect(throws: ChildError.self) { try group.start(shell("exit 0")) }
    }

    @Test("A process that ignores SIGTERM is killed after the grace, with what it has started")
    func kills() async throws {
        let directory = try TemporaryDirectory()
        let log = "\(directory.path)/log"
        let group = try ChildGroup()
        let stubborn = try group.start(shell("trap '' TERM; sleep 1000 & echo up; while :; do wait; done", log: log))
        while LogTail.lines(of: log, count: 1) != ["up"] { try await Task.sleep(for: .milliseconds(1)) }
        await group.terminate(grace: .milliseconds(50))
        #expect(stubborn.exit == .signal(SIGKILL))
        // What it has started isn't ours to wait for; it has been sent SIGKILL.
        while !isGone(group: group.id) { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("Terminating works in a cancelled task")
    func terminatesCancelled() async throws {
        let group = try ChildGroup()
        let child = try group.start(shell("exec sleep 1000"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await group.terminate(grace: .seconds(30))
        }
        await task.value
        #expect(child.exit == .signal(SIGTERM))
    }

    @Test("After the owner has ended the guard ends the processes")
    func guards() async throws {
        var group: ChildGroup? = try ChildGroup()
        let child = try #require(try group?.start(shell("exec sleep 1000")))
        // The end of the owner closes its end of the pipe, as its death would.
        group = nil
        #expect(await child.waitUntilExit() == .signal(SIGTERM))
    }

    @Test("A program that isn't there is told as such")
    func missing() async throws {
        let group = try ChildGroup()
        let command = ChildCommand(
            name: "nothing",
            executable: "/nowhere/nothing",
            arguments: [],
            environment: [:],
            logPath: "/dev/null"
        )
        do {
            _ = try group.start(command)
            Issue.record("started")
        } catch {
            #expect(error.description.contains("/nowhere/nothing: No such file or directory"))
        }
        await group.terminate(grace: .seconds(5))
    }
}
