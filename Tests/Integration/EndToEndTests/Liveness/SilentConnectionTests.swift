import Foundation
import Processes
import Testing

extension EndToEndTests {
    /// Connections without a byte, more than the interface has room for.
    @Suite("Silent connections", .serialized, .timeLimit(.minutes(5)))
    struct SilentConnectionTests {
        @Test("Probes and requests are answered nevertheless")
        func flood() async throws {
            try await Bench.run { bench in
                let service = try await Service.start(
                    bench,
                    nil,
                    prometheus: "http://127.0.0.1:9",
                    hasProbes: true
                )
                let probes = try #require(service.probes)
                let port = try #require(URL(string: service.web.url)?.port)
                let silent = try await SilentConnections.open(700, port: port)
                let ownPort = try #require(URL(string: probes.url)?.port)
                let others = try await SilentConnections.open(100, port: ownPort)
                for path in ["/livez", "/readyz", "/metrics", "/version"] {
                    #expect(try await probes.get(path).status == 200, "\(path)")
                }
                #expect(try await service.web.get("/v1/sessions").status == 200)
                #expect(try await service.web.get("/livez").status == 200)
                // Metrics are on the port of their own alone.
                #expect(try await service.web.get("/metrics").status == 404)
                silent.close()
                others.close()
            }
        }

        @Test("Too few descriptors are one sentence", arguments: ["serve", "rollout"])
        func fewDescriptors(command: String) async throws {
            try await Bench.run { bench in
                let program = try #require(Programs.assay)
                let script = "ulimit -n 32; exec \"$@\""
                let result = try await bench.run("/bin/sh", ["-c", script, "sh", program, command])
                #expect(result.code == 3, "\(result)")
                #expect(result.errors.hasPrefix("assay: only 32 files may be open"), "\(result)")
                #expect(result.errors.split(separator: "\n").count == 1, "\(result)")
            }
        }
    }
}
