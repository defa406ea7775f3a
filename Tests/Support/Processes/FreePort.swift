import Glibc
import Synchronization

/// Ports of 127.0.0.1 for programs that listen on them later.
package enum FreePort {
    private static let supply = Mutex(PortSupply(PortBlocks.ofThisMachine.all))

    /// Ports that nothing listens on, each given once in the life of this process.
    ///
    /// Between this and the use of a port no other program gets it by chance: the kernel gives none of them away
    /// (`PortBlocks`), and another process that asks here has other blocks (`PortSupply`).
    package static func pick(_ count: Int) throws(ChildError) -> [Int] {
        try supply.withLock { supply throws(ChildError) in
            var ports: [Int] = []
            for _ in 0..<count { ports.append(try supply.next()) }
            return ports
        }
    }

    package static func isFree(_ port: Int) -> Bool {
        guard let socket = bound(to: port) else { return false }
        close(socket)
        return true
    }

    /// A socket that keeps the port from everybody else; nil when the port is taken. No program that is started inherits it.
    static func bound(to port: Int) -> Int32? {
        guard let port = UInt16(exactly: port) else { return nil }
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isBound { return socket }
        close(socket)
        return nil
    }
}

extension FreePort {
    /// What programs say, each in its own way, when another has the port that they should listen on.
    package static func isTaken(accordingTo lines: some Sequence<String>) -> Bool {
        lines.contains {
            $0.lowercased().contains("address already in use") || $0.contains("is in use: stop the program")
        }
    }

    /// Starts a server on a port of its own; on another one when its error says that a program which did not ask here has
    /// taken the port. Gives up after three.
    package static func serving<Server>(_ start: (Int) async throws -> Server) async throws -> Server {
        for _ in 1..<3 {
            do {
                return try await start(try pick(1)[0])
            } catch {
                guard isTaken(accordingTo: ["\(error)"]) else { throw error }
            }
        }
        return try await start(try pick(1)[0])
    }
}
