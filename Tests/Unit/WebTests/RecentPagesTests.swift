import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import Web

@Suite struct RecentPagesTests {
    private final class Clock: Sendable {
        let time = Mutex(ContinuousClock.now)
        func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    private func request(_ path: String, cacheControl: String? = "max-age=1") -> Request {
        var fields: HTTPFields = [:]
        fields[.cacheControl] = cacheControl
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: path, headerFields: fields)
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    @Test("A page is made once a second for those who take one of the last second, and anew for all others")
    func recent() async throws {
        let clock = Clock()
        let pages = RecentPages { clock.time.withLock { $0 } }
        let count = Mutex<UInt8>(0)
        func made(_ path: String, cacheControl: String? = "max-age=1") async throws -> [UInt8] {
            try await pages.page(request(path, cacheControl: cacheControl)) {
                [
                    count.withLock {
                        $0 += 1
                        return $0
                    }
                ]
            }
        }
        #expect(try await made("/sessions/a") == [1])
        #expect(try await made("/sessions/a") == [1])
        #expect(try await made("/sessions/b") == [2])
        #expect(try await made("/sessions/a", cacheControl: nil) == [3])
        #expect(try await made("/sessions/a") == [3])
        clock.advance(RecentPages.age)
        #expect(try await made("/sessions/a") == [4])
        for number in 0..<100 { _ = try await made("/sessions/\(number)") }
        // It is among the first of them, the last one is not.
        #expect(try await made("/sessions/a") == [4])
        #expect(try await made("/sessions/99") == [105])
    }
}
