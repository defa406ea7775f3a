import Demo
import Glibc
import HTTPTestServer
import Kafka
import Logging
import Processes
import Testing

extension DemoEndToEndTests {
    /// The demonstration, as `assay-demo` runs it.
    @Suite("The demo's path", .serialized, .timeLimit(.minutes(5)))
    struct DemoPathTests {
        @Test("The healthy release is promoted; the broken one is aborted at once, the slower one once it is shown")
        func allReleases() async throws {
            let record = try await DemoRecord.run(pace: .fast, releases: DemoRelease.all)
            record.expectRightEndings()
            #expect(record.outcome.exitCode == 0)
        }

        @Test(
            "Each program says of a taken port what makes the demo start again",
            arguments: ["serve", "shop", "prometheus"]
        )
        func takenPort(program: String) async throws {
            try await Bench.run { bench in
                let (socket, port) = try LoopbackSocket.listen()
                defer { close(socket) }
                let (path, arguments): (String?, [String]) =
                    switch program {
                    case "serve":
                        (
                            Programs.assay,
                            [
                                "serve", "--web-port", "\(port)", "--store-path", bench.path("store.sqlite"),
                                "--plans-directory", bench.directory, "--log-format", "text",
                            ]
                        )
                    case "shop": (Programs.demo, ["shop", "--port", "\(port)"])
                    default:
                        (
                            Programs.find("prometheus"),
                            [
                                "--config.file=/dev/null", "--storage.tsdb.path=\(bench.path("tsdb"))",
                                "--web.listen-address=127.0.0.1:\(port)",
                            ]
                        )
                    }
                let process = try bench.start(program, try #require(path), arguments)
                let exit = await process.waitUntilExit()
                let log = LogTail.lines(of: process.command.logPath, count: 15)
                #expect(exit != .code(0) && FreePort.isTaken(accordingTo: log), "\(exit): \(log)")
            }
        }
    }
}
