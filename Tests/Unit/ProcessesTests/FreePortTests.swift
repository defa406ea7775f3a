import Glibc
import Processes
import Testing

@Suite("Free ports")
struct FreePortTests {
    @Test("Ports are free and differ")
    func differ() throws {
        let ports = try FreePort.pick(20)
        #expect(Set(ports).count == 20)
        #expect(ports.allSatisfy { (1024...65535).contains($0) })
    }

    @Test("A port that is listened on is not free", .timeLimit(.minutes(5)))
    func taken() throws {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && listen(socket, 1) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        try #require(isBound)
        #expect(!FreePort.isFree(Int(UInt16(bigEndian: address.sin_port))))
        #expect(!FreePort.isFree(70_000))
    }
}
