import Glibc
import HTTPTestServer

/// Connections that are opened and say nothing.
struct SilentConnections: Sendable {
    private let descriptors: [Int32]

    static func open(_ count: Int, port: Int) async throws -> SilentConnections {
        let descriptors = try await TestThread.run {
            (0..<count).map { _ in
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = UInt16(port).bigEndian
                address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                return descriptor
            }
        }
        return SilentConnections(descriptors: descriptors)
    }

    func close() { for descriptor in descriptors { Glibc.close(descriptor) } }
}
