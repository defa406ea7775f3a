import Glibc

/// Free TCP ports of 127.0.0.1.
package enum FreePort {
    /// Ports that are free now, each different from the others. Another program may take one before it is used: who
    /// listens on it then says so.
    package static func pick(_ count: Int) throws(ChildError) -> [Int] {
        var sockets: [Int32] = []
        // All are held until the last is found, so that none comes twice.
        defer { sockets.forEach { close($0) } }
        var ports: [Int] = []
        for _ in 0..<count {
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard socket >= 0 else { throw ChildError("no socket could be made: \(Spawn.errorText(errno))") }
            sockets.append(socket)
            guard let port = bind(socket, port: 0) else {
                throw ChildError("no free port was found on 127.0.0.1: \(Spawn.errorText(errno))")
            }
            ports.append(port)
        }
        return ports
    }

    package static func isFree(_ port: Int) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        return bind(socket, port: port) != nil
    }

    /// The port that the socket was bound to; nil when it is taken.
    private static func bind(_ socket: Int32, port: Int) -> Int? {
        guard let port = UInt16(exactly: port) else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard Glibc.bind(socket, address, size) == 0, getsockname(socket, address, &size) == 0 else {
                    return nil
                }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }
}
