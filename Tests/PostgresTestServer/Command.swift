import Foundation
import Glibc

/// A program that is run to its end.
enum Command {
    /// Returns what it wrote to standard output; throws what it wrote to standard error when it failed.
    static func run(_ command: [String]) async throws -> String {
        let output = try OutputFile()
        let errors = try OutputFile()
        let process = try Spawn.start(command, input: nil, output: output.descriptor, errors: errors.descriptor)
        let status: Int32 = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        guard status == 0 else {
            throw PostgresTestServerError(
                description: "\(command.joined(separator: " ")) failed (\(status)): \(errors.text)\(output.text)"
            )
        }
        return output.text.trimmingCharacters(in: .newlines)
    }
}

/// Starts programs. (Foundation's `Process` does not notice the end of a program whose children live on, as those of
/// `pg_ctl start` do.)
enum Spawn {
    /// - Parameter input: nil for an empty one.
    static func start(_ command: [String], input: Int32?, output: Int32, errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // A server lives on: a socket of another test that it held would never be closed, whoever closes it here.
        for descriptor in 3..<Int32(1024) { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let arguments = command.map { strdup($0) } + [nil]
        // No locale of the caller's: messages and sort order are the same everywhere.
        let environment = [strdup("PATH=/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { (arguments + environment).forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawn(&process, command.first ?? "", &actions, nil, arguments, environment)
        guard status == 0 else {
            throw PostgresTestServerError(
                description: "\(command.first ?? "") could not be started: \(String(cString: strerror(status)))"
            )
        }
        return process
    }
}

/// A file without a name. Not a pipe: a server that is started keeps its output open.
final class OutputFile: Sendable {
    let descriptor: Int32

    init() throws {
        guard let file = tmpfile() else {
            throw PostgresTestServerError(description: "No temporary file could be made.")
        }
        defer { fclose(file) }
        self.descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0)
    }

    deinit {
        close(self.descriptor)
    }

    var text: String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = pread(self.descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
