import Foundation
import Glibc
import LoadRig
import Synchronization

/// The named pipe that a process writes its log to, and what reads it: into a file, or for a time not at all.
final class LogPipe: Sendable {
    private static let capacity: Int32 = 4096

    private let descriptor: Int32
    private let file: Int32
    private let state = Mutex<(isStalled: Bool, isClosed: Bool)>((false, false))

    /// - Parameters:
    ///   - path: where the process believes its log to be.
    ///   - copy: the file in which its lines are found.
    init(_ path: String, copy: String) throws {
        guard mkfifo(path, 0o600) == 0 else { throw RunFailure("\(path) could not be made a pipe") }
        // For reading and writing: opening it does not wait for a writer then.
        descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        file = open(copy, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let setSize: Int32 = 1031  // F_SETPIPE_SZ
        guard descriptor >= 0, file >= 0, fcntl(descriptor, setSize, Self.capacity) >= 0 else {
            throw RunFailure("\(path) could not be opened")
        }
        Thread.detachNewThread { [self] in copyLines() }
    }

    /// From now on nothing is read, or everything again.
    func setStalled(_ isStalled: Bool) {
        state.withLock { $0.isStalled = isStalled }
    }

    func close() {
        state.withLock { $0.isClosed = true }
    }

    private func copyLines() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let (isStalled, isClosed) = state.withLock { $0 }
            if isClosed { break }
            let count = isStalled ? 0 : read(descriptor, &buffer, buffer.count)
            if count > 0 { _ = write(file, buffer, count) } else { usleep(20_000) }
        }
        Glibc.close(descriptor)
        Glibc.close(file)
    }
}
