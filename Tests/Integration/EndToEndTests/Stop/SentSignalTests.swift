import Foundation
import Processes
import Testing

extension EndToEndTests {
    /// Signals that another process sends, and what the process keeps to itself.
    @Suite("Signals and memory", .serialized, .timeLimit(.minutes(5)))
    struct SentSignalTests {
        @Test("A signal that is sent ends the process by that signal, the first time", arguments: [3, 6, 7, 11])
        func ends(number: Int32) async throws {
            try await Bench.run { bench in
                let portFile = bench.path("broker.port")
                let process = try bench.startAssay("broker", ["broker", "--port-file", portFile])
                try await Waiting.until("the broker listens") { FileManager.default.fileExists(atPath: portFile) }
                process.send(signal: number)
                #expect(await process.waitUntilExit() == .signal(number))
            }
        }

        @Test(
            "A service writes no core file and no file that others can read, whatever the umask; unless it is told to"
        )
        func files() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                for isAllowed in [false, true] {
                    let portFile = bench.path("\(isAllowed).port")
                    let store = bench.path("\(isAllowed).db")
                    let script = "umask 0; ulimit -S -c unlimited 2>/dev/null; exec \"$@\""
                    let process = try bench.start(
                        "serve",
                        "/bin/sh",
                        ["-c", script, "sh", try #require(Programs.assay), "serve"] + [
                            "--store-path", store, "--plans-directory", bench.path("plans"), "--web-port", "0",
                            "--web-port-file", portFile, "--process-core-dumps", "\(isAllowed)",
                        ]
                    )
                    try await Waiting.until("serve listens") { FileManager.default.fileExists(atPath: portFile) }
                    let limits = try String(contentsOfFile: "/proc/\(process.id)/limits", encoding: .utf8)
                    let core = try #require(
                        limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
                    )
                    let soft = core.dropFirst("Max core file size".count).split(separator: " ").first
                    if !isAllowed { #expect(soft == "0", "\(core)") }
                    for name in [portFile, store, store + "-wal", store + "-shm"] {
                        let attributes = try FileManager.default.attributesOfItem(atPath: name)
                        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
                    }
                    process.send(signal: 15)
                    #expect(await process.waitUntilExit() == .code(0))
                }
            }
        }
    }
}
