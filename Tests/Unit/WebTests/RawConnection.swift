import Foundation
import Glibc
import HTTPTestServer

/// A caller that sends what it likes, when it likes. Its calls block, so they run on a thread of its own.
struct RawConnection: Sendable {
    private let descriptor: Int32

    struct Failure: Error {
        var reason: String
    }

    static func open(port: Int) async throws -> RawConnection {
        try await TestThread.run {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard connected == 0 else { throw Failure(reason: "connect: \(errno)") }
            // A call that blocks is not ended by a test's time limit: without an answer it ends as at a closed connection.
            var patience = timeval(tv_sec: 120, tv_usec: 0)
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
            }
            return RawConnection(descriptor: descriptor)
        }
    }

    func send(_ text: String) async throws {
        try await TestThread.run {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure(reason: "send: \(errno)") }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// What comes until it holds `mark` as many times, or until the other side closes the connection.
    func receive(until mark: String? = nil, times: Int = 1) async throws -> String {
        try await TestThread.run {
            var received: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &chunk, chunk.count, 0)
                // A reset closes the connection as well.
                guard count > 0 else { return String(decoding: received, as: UTF8.self) }
                received += chunk[..<count]
                let text = String(decoding: received, as: UTF8.self)
                if let mark, text.components(separatedBy: mark).count > times { return text }
            }
        }
    }

    /// Tells the other side that nothing more comes.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() { Glibc.close(descriptor) }
}
