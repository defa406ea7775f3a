import CSpawn
import Foundation
import Glibc
import Synchronization

/// Starts processes: the one file with `posix_spawn`.
///
/// Not Foundation's `Process`: it learns of a program's end from a descriptor that closes with it, and waits as long as
/// any other child lives that was started later, and that so has the descriptor too.
enum Spawn {
    /// What becomes a standard stream of the program.
    enum Stream {
        case empty
        case descriptor(Int32)
        /// A file to which is appended.
        case file(String)
    }

    /// Held while a child has this process' descriptors: from its start until it closes them.
    static let starting = Mutex(())

    /// Starts a program that has no other descriptors than these three, with default signal handling whatever this
    /// process ignores or blocks.
    ///
    /// - Parameters:
    ///   - environment: nil for that of this process.
    ///   - folder: nil for that of this process.
    ///   - group: a process group's id, or 0 for a new one led by the program; nil for that of this process.
    /// - Returns: the process id.
    static func start(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        in folder: String? = nil,
        group: pid_t? = nil,
        input: Stream = .empty,
        output: Stream = .empty,
        errors: Stream = .empty
    ) throws(ChildError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, stream) in [(Int32(0), input), (1, output), (2, errors)] {
            switch stream {
            case .empty: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            case .descriptor(let given): posix_spawn_file_actions_adddup2(&actions, given, target)
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            }
        }
        // Sockets and pipes that a program inherits stay open as long as it lives: an embedded broker could not listen
        // again, and a peer would wait for an end that does not come.
        _ = CSpawn_add_close_from(&actions, 3)
        if let folder { _ = CSpawn_add_change_directory(&actions, folder) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process ignores or blocks (SIGINT while the demo stops in order) is not for its children.
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if let group {
            posix_spawnattr_setpgroup(&attributes, group)
            flags |= POSIX_SPAWN_SETPGROUP
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }.sorted()
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = pid_t()
        let status = starting.withLock { _ in
            posix_spawn(&process, path, &actions, &attributes, argv, envp)
        }
        guard status == 0 else { throw ChildError("\(path): \(errorText(status))") }
        return process
    }

    static func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }
}
