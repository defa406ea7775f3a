import Glibc

/// Something that a thread can wait for together with a socket, and that any thread can ring: a pipe.
final class WakeUp: Sendable {
    /// Readable after a ring; -1 when the system had none to give.
    let descriptor: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        self.descriptor = ends[0]
        self.writeEnd = ends[1]
    }

    deinit {
        guard self.descriptor >= 0 else { return }
        close(self.descriptor)
        close(self.writeEnd)
    }

    func ring() {
        // A pipe that is full has been rung often enough.
        var byte: UInt8 = 1
        _ = write(self.writeEnd, &byte, 1)
    }

    /// Forgets all rings so far.
    func silence() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(self.descriptor, &bytes, bytes.count) == bytes.count {}
    }
}
