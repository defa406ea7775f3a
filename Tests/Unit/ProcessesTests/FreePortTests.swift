import Foundation
import Glibc
import Testing

@testable import Processes

@Suite("Free ports", .timeLimit(.minutes(5)))
struct FreePortTests {
    @Test("Ports are free and differ")
    func differ() throws {
        let ports = try FreePort.pick(20) + FreePort.pick(20)
        #expect(Set(ports).count == 40)
        #expect(ports.allSatisfy(FreePort.isFree))
    }

    @Test("A port that is listened on is neither free nor given")
    func taken() throws {
        var supply = PortSupply(PortBlocks.ofThisMachine.all)
        let next = try supply.next() + 1
        let socket = try #require(FreePort.bound(to: next))
        defer { close(socket) }
        #expect(listen(socket, 1) == 0)
        #expect(!FreePort.isFree(next))
        #expect(!FreePort.isFree(70_000))
        #expect(try supply.next() != next)
    }

    @Test("A server whose port is taken nevertheless is started on another, three times at most")
    func serving() async throws {
        var ports: [Int] = []
        func start(_ port: Int, taken: Int) throws -> Int {
            ports.append(port)
            guard ports.count > taken else { throw ChildError("bind: Address already in use") }
            return port
        }
        let port = try await FreePort.serving { try start($0, taken: 2) }
        #expect(ports.count == 3 && Set(ports).count == 3 && ports.last == port)
        ports = []
        await #expect(throws: ChildError.self) { try await FreePort.serving { try start($0, taken: 9) } }
        #expect(ports.count == 3)
        ports = []
        await #expect(throws: ChildError("no such file")) {
            try await FreePort.serving { port in
                ports.append(port)
                throw ChildError("no such file")
            }
        }
        #expect(ports.count == 1)
    }

    @Test(
        "A port that is taken is recognised by what programs say",
        arguments: [
            ("could not bind IPv4 address \"127.0.0.1\": Address already in use", true),
            (
                "msg=\"Unable to start web listener\" err=\"listen tcp 127.0.0.1:9090: bind: address already in use\"",
                true
            ),
            ("assay: port 8080 of 127.0.0.1 is in use: stop the program that listens there", true),
            ("no such file", false),
        ]
    )
    func words(line: String, isTaken: Bool) {
        #expect(FreePort.isTaken(accordingTo: ["starting", line]) == isTaken)
    }

    @Test("Where no block is left, this is said")
    func noneLeft() throws {
        var supply = PortSupply([])
        #expect(throws: ChildError("no block of ports of 127.0.0.1 is left")) { _ = try supply.next() }
    }

    @Test(
        "No port is one that the kernel gives away, where it leaves any",
        arguments: [(32_768...60_999, 490), (15_000...64_000, 129), (1024...65_000, 9), (10_240...65_535, 4)]
    )
    func outside(ephemeral: ClosedRange<Int>, count: Int) {
        let blocks = PortBlocks(outside: ephemeral).all
        #expect(blocks.count == count)
        #expect(!blocks.contains { $0.overlaps(ephemeral) })
        #expect(blocks.allSatisfy { $0.lowerBound % PortBlocks.size == 0 && $0.count == PortBlocks.size })
    }

    @Test("Where the kernel gives away every port, there are some nevertheless")
    func everything() {
        let blocks = PortBlocks(outside: 1024...65_535).all
        #expect(blocks.count > 1000)
        #expect(Set(blocks).count == blocks.count)
    }

    @Test("The kernel's range is read from its setting")
    func setting() throws {
        #expect(PortBlocks.ephemeral(in: "32768\t60999\n") == 32_768...60_999)
        #expect(PortBlocks.ephemeral(in: "9 1") == nil && PortBlocks.ephemeral(in: "") == nil)
        let text = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let range = try #require(PortBlocks.ephemeral(in: text))
        #expect(PortBlocks.ofThisMachine == PortBlocks(outside: range))
    }
}

/// Processes that pick ports at once: those of the tests in Swift and in Python.
@Suite(
    "Free ports of several processes",
    .timeLimit(.minutes(5)),
    .enabled(if: Program.find("python3") != nil, "needs python3")
)
struct PortSupplyTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Integration/Deployment").path

    /// Another process, which has picked ports and lives on.
    private struct Other {
        let process: ChildProcess
        let ports: [Int]

        static func start(_ count: Int, _ group: ChildGroup, log: String) async throws -> Other {
            let script = """
                import sys, time
                sys.dont_write_bytecode = True
                sys.path.insert(0, sys.argv[1])
                from ports import free_port
                print("ports", *(free_port() for _ in range(int(sys.argv[2]))), flush=True)
                time.sleep(1000)
                """
            let command = ChildCommand(
                name: "python3",
                executable: try #require(Program.find("python3")),
                arguments: ["-c", script, PortSupplyTests.folder, "\(count)"],
                environment: [:],
                logPath: log
            )
            let process = try group.start(command)
            let line = try await Waiting.until("ports are picked", of: process, atMost: .seconds(120)) {
                LogTail.value(after: "ports ", in: log)
            }
            return Other(process: process, ports: line.split(separator: " ").compactMap { Int($0) })
        }
    }

    @Test("No two get the same port, though each needs more than a block")
    func differ() async throws {
        let directory = try TemporaryDirectory()
        let group = try ChildGroup()
        let count = 60
        let others = try await withThrowingTaskGroup(of: Other.self) { tasks in
            for number in 0..<4 {
                tasks.addTask { try await Other.start(count, group, log: "\(directory.path)/\(number)") }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        var ports = try others.flatMap(\.ports) + FreePort.pick(count)
        var supply = PortSupply(PortBlocks.ofThisMachine.all)
        for _ in 0..<count { ports.append(try supply.next()) }
        #expect(ports.count == 6 * count)
        #expect(Set(ports).count == ports.count)
        let blocks = PortBlocks.ofThisMachine.all
        #expect(ports.allSatisfy { port in blocks.contains { $0.contains(port) } })
        await group.terminate(grace: .seconds(10))
    }

    @Test("A process that is killed leaves its block to others")
    func killed() async throws {
        let directory = try TemporaryDirectory()
        let group = try ChildGroup()
        let other = try await Other.start(1, group, log: "\(directory.path)/log")
        let port = try #require(other.ports.first)
        let first = port - port % PortBlocks.size
        #expect(!FreePort.isFree(first))
        #expect(FreePort.isFree(port))
        other.process.send(signal: SIGKILL)
        _ = await other.process.waitUntilExit()
        #expect(FreePort.isFree(first))
        await group.terminate(grace: .seconds(10))
    }
}
