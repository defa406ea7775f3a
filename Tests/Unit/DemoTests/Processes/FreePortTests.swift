import Testing

@testable import Demo

@Suite("Free ports")
struct FreePortTests {
    @Test("Ports are free and differ")
    func differ() throws {
        let ports = try FreePort.pick(20)
        #expect(Set(ports).count == 20)
        #expect(ports.allSatisfy { (1024...65535).contains($0) })
    }

    @Test("A port that is listened on is not free", .timeLimit(.minutes(1)))
    func taken() async {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await DemoShop().serve(port: 0) { port.yield($0) } }
            for await port in ports {
                #expect(!FreePort.isFree(port))
                break
            }
            group.cancelAll()
        }
        #expect(!FreePort.isFree(70_000))
    }
}
