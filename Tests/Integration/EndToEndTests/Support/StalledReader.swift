import Glibc

/// The reading end of a named pipe that reads nothing.
final class StalledReader: Sendable {
    struct Failure: Error {}

    private let descriptor: Int32

    /// The pipe takes 4 KiB before it is full.
    init(_ path: String) throws {
        guard mkfifo(path, 0o600) == 0 else { throw Failure() }
        // For reading and writing: opening it does not wait for a writer then.
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        let setSize: Int32 = 1031  // F_SETPIPE_SZ
        guard descriptor >= 0, fcntl(descriptor, setSize, 4096) >= 0 else { throw Failure() }
    }

    /// Bytes that wait to be read.
    var waiting: Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// The reader goes away.
    func leave() { close(descriptor) }
}
