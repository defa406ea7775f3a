import Glibc

/// A TCP connection from an address of its own, `127.0.0.2`: the service bounds what one address may have.
struct AttackerSocket {
    let descriptor: Int32

    /// Nil when there is no descriptor left, or nothing listens.
    ///
    /// - Parameter timeout: seconds that a call may block; nil for one that never blocks.
    init?(port: Int, timeout: Int?) {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_INET, timeout == nil ? flags | Int32(SOCK_NONBLOCK.rawValue) : flags, 0)
        guard descriptor >= 0 else { return nil }
        if let timeout {
            var time = timeval(tv_sec: timeout, tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
            }
        }
        var own = Self.address(0x7F00_0002, port: 0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        var peer = Self.address(0x7F00_0001, port: port)
        let result = withUnsafePointer(to: &peer) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 || errno == EINPROGRESS else {
            Glibc.close(descriptor)
            return nil
        }
    }

    /// Whether the other side has closed it.
    ///
    /// - Parameter drains: reads away what has come, so that the end behind it is seen.
    func isClosed(drains: Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let flags = Int32(MSG_DONTWAIT) | (drains ? 0 : Int32(MSG_PEEK))
            let count = recv(descriptor, &buffer, buffer.count, flags)
            if count == 0 { return true }
            if count < 0 { return ![EAGAIN, EWOULDBLOCK, ENOTCONN, EINTR].contains(errno) }
            if !drains { return false }
        }
    }

    /// Returns whether all of it was handed over.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func close() { Glibc.close(descriptor) }

    private static func address(_ host: UInt32, port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return address
    }
}
