package import Foundation
import Glibc
import Synchronization

/// Installed programs, run to their ends.
package enum Program {
    /// How a program ended, and what it wrote.
    package struct Outcome: Sendable {
        /// The exit code; negative for a signal.
        package var status: Int32
        package var output: String
        package var errors: String
    }

    /// The full path of an installed program, or nil.
    package static func find(_ name: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end; cancelling kills it.
    ///
    /// - Parameters:
    ///   - input: nil for none.
    ///   - environment: nil for that of this process.
    ///   - folder: nil for that of this process.
    ///   - errorsAreOutput: both outputs in one, in the order of writing.
    package static func run(
        _ path: String,
        _ arguments: [String] = [],
        input: Data? = nil,
        environment: [String: String]? = nil,
        in folder: URL? = nil,
        errorsAreOutput: Bool = false
    ) async throws -> Outcome {
        let (given, output, errors) = (try NamelessFile(), try NamelessFile(), try NamelessFile())
        if let input { try given.fill(input) }
        let process = ChildProcess(
            ChildCommand(path, arguments),
            id: try Spawn.start(
                path,
                arguments,
                environment: environment,
                in: folder?.path,
                input: .descriptor(given.descriptor),
                output: .descriptor(output.descriptor),
                errors: .descriptor(errorsAreOutput ? output.descriptor : errors.descriptor)
            )
        )
        let exit = await withTaskCancellationHandler {
            await process.waitUntilExit()
        } onCancel: {
            process.send(signal: SIGKILL)
        }
        let status =
            switch exit {
            case .code(let code): code
            case .signal(let signal): -signal
            }
        return Outcome(status: status, output: output.text, errors: errors.text)
    }

    /// While the body runs no program is started here, which would have a port open that the body closes.
    package static func whileNoneStarts(_ body: () -> Void) {
        Spawn.starting.withLock { _ in body() }
    }

    /// Starts a program that outlives its starter, as a guard does; its end is not waited for.
    ///
    /// - Parameter input: a descriptor.
    package static func detach(_ path: String, _ arguments: [String], input: Int32) throws {
        _ = try Spawn.start(path, arguments, input: .descriptor(input))
    }
}

/// A file without a name. Not a pipe: a server that is started keeps its output open.
private final class NamelessFile: Sendable {
    let descriptor: Int32

    init() throws(ChildError) {
        guard let file = tmpfile() else { throw ChildError("no temporary file could be made") }
        defer { fclose(file) }
        descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3)
    }

    deinit {
        close(descriptor)
    }

    func fill(_ data: Data) throws {
        let handle = FileHandle(fileDescriptor: descriptor)
        try handle.write(contentsOf: data)
        try handle.seek(toOffset: 0)
    }

    var text: String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
