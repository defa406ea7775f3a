import Foundation
import Glibc
import Synchronization

/// Starts programs.
///
/// Not Foundation's `Process`: it learns of a program's end from a descriptor that closes with it, and waits as long as
/// any other child lives that some test started meanwhile, and that so has the descriptor too.
enum Spawn {
    /// Held while a child has this process' descriptors: from its start until it closes them.
    static let starting = Mutex(())

    /// Starts a program that has no other descriptors than these three, and default signal handling.
    ///
    /// - Parameters:
    ///   - environment: nil for that of this process.
    ///   - folder: nil for that of this process.
    ///   - input: nil for an empty one.
    ///   - output: nil for nowhere.
    ///   - errors: nil for nowhere.
    static func start(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        in folder: URL? = nil,
        input: Int32? = nil,
        output: Int32? = nil,
        errors: Int32? = nil
    ) throws(ProgramError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, given) in [(Int32(0), input), (1, output), (2, errors)] {
            if let given {
                posix_spawn_file_actions_adddup2(&actions, given, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        for descriptor in 3..<Int32(1024) { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let variables = environment ?? ProcessInfo.processInfo.environment
        // Swift does not see glibc's way to start in a folder.
        let command = (folder.map { ["/usr/bin/env", "--chdir=\($0.path)"] } ?? []) + [path] + arguments
        let argv = command.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = pid_t()
        let status = starting.withLock { _ in
            posix_spawn(&process, command[0], &actions, &attributes, argv, envp)
        }
        guard status == 0 else { throw ProgramError(description: "\(path): \(String(cString: strerror(status)))") }
        return process
    }

    /// The exit code, or the negative number of the signal that ended it. Waits on a thread of its own.
    static func end(of process: pid_t) async -> Int32 {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: waitForEnd(of: process)) }
        }
    }

    static func waitForEnd(of process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }
}

/// Why a program could not be started.
package struct ProgramError: Error, CustomStringConvertible {
    package let description: String
}
