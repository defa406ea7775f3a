import ArgumentParser
import Foundation
import Processes
import Testing

@testable import assay

/// The table of exit codes says what the program does. `EndToEndTests` have the codes that need running services.
@Suite struct ExitCodeReferenceTests {
    @Test func `every command is in the table`() {
        let named = Set(ExitCodeReference.entries.flatMap(\.commands))
        for command in Assay.configuration.subcommands {
            #expect(named.contains(command._commandName), "\(command._commandName)")
        }
    }

    /// Nothing listens on port 9 of this host, and 203.0.113.1 is no address of any.
    private static let cases: [(arguments: [String], code: Int32)] = [
        (["serve", "--unknown", "1"], 3),
        (["serve", "--plans-directory", "/nowhere/plans", "--store-path", "/nowhere/store"], 3),
        (["rollout", "--rollout-actuator", "nobody"], 3),
        (["migrate"], 3),
        (["broker", "--port-file", "/nowhere/port"], 1),
        (["broker", "--partitions", "0"], 64),
        (["health", "--url", "http://127.0.0.1:9"], 1),
        (["releases", "reset", "a"], 3),
        (["releases", "reset"], 64),
        (["serve", "--web-host", "0.0.0.0"], 3),
        (["emit", "--application", "a"], 3),
        (["emit", "--application", "a", "--environment", "e", "--release-version", "1", "--source"], 64),
        (["emit", "--application", "a", "--environment", "e", "--version", "1"], 3),
        (["emit", "--application", "a", "--help"], 3),
        (["emit", "--application", "", "--environment", "e", "--release-version", "1"], 3),
        (["emit", "--application", "a", "--environment", "--release-version", "1"], 64),
        (["emit", "--application", "a", "--environment", "e", "--release-version", "1", "--aplication", "b"], 3),
        (["emit", "--file", "nosuch.json"], 3),
        (["emit", "--application", "a", "--environment", "e", "--release-version", "1", "--plan-file", "no.yaml"], 3),
        (["wait", "--application", "a"], 3),
        (["wait", "--application", "a", "--environment", "e", "--version", "1"], 3),
        (["wait", "--application", "a", "--environment", "e", "--version", "1", "--result"], 3),
        (["wait", "--help", "--application", "a"], 3),
        (["wait", "--event", "1", "--event", "2"], 3),
        (["wait", "--event", "1", "--assay-url", "http://127.0.0.1:9", "--timeout", "1s"], 3),
        (["wait", "--event", "1", "--timeout", "soon"], 3),
        (["wait", "--event", "1", "extra"], 3),
        (["wait", "--help"], 0),
        (["--version"], 0),
        (["health", "--version"], 3),
        (["show"], 3),
        (["show", "s-1"], 3),
        (["show", "s-1", "--assay-url", "http://127.0.0.1:9"], 3),
        (["show", "shop", "demo", "--assay-url", "http://127.0.0.1:9"], 3),
        (["show", "", "--assay-url", "http://127.0.0.1:9"], 3),
        (["show", "s-1", "--output", "pdf"], 64),
        (["sessions", "--assay-url", "http://127.0.0.1:9"], 3),
        (["sessions", "--assay-url", "http://127.0.0.1:9", "--limit", "0"], 3),
        (["sessions", "--limit", "x"], 64),
        (["top", "--assay-url", "http://127.0.0.1:9"], 3),
        (["report", "s-1", "--assay-url", "http://127.0.0.1:9"], 3),
        (["report", "s-1", "extra"], 3),
        (["judge", "--plan", "good.yaml", "--series", "same.series", "--help"], 3),
        (["validate", "good.yaml", "--version"], 3),
        (["validate", "good.yaml"], 0),
        (["validate", "bad.yaml"], 1),
        (["validate", "missing.yaml"], 1),
        (["validate"], 64),
        (["judge", "--plan", "good.yaml", "--series", "same.series"], 0),
        (["judge", "--plan", "good.yaml", "--series", "worse.series"], 1),
        (["judge", "--plan", "good.yaml", "--series", "near.series"], 2),
        (["judge", "--plan", "good.yaml", "--series", "missing.series"], 3),
        (["judge"], 64),
        (["evaluate"], 3),
        (["evaluate", "--series", "nosuch"], 3),
        (["evaluate", "--series", "."], 3),
        (["evaluate", "--several-metrics", "--steps", "8", "--analyses", "2", "--out", "no/such/folder"], 3),
        (["evaluate", "--several-metrics", "--steps", "8", "--analyses", "2", "--judge", "threshold"], 0),
        (["evaluate", "--counts", "--judge", "nobody"], 64),
        (["evaluate", "--counts", "--judge", "threshold,threshold"], 64),
        (["evaluate", "--counts", "--steps", "3"], 64),
        (["evaluate", "--counts", "--analyses", "0"], 64),
        (["evaluate", "--counts", "--comparison", "after"], 64),
        (["evaluate", "--counts", "--shapes", "round"], 64),
        (["evaluate", "--counts", "--effects", "0.5"], 64),
        (["evaluate", "--counts", "--family", "no such"], 3),
        (["evaluate", "--counts", "--output", "pdf"], 64),
        (["config", "rollout", "--engine-lease", "soon"], 3),
        (["settings"], 0),
        (["plan-keys"], 0),
        (["metrics"], 0),
        (["exit-codes"], 0),
        (["nonsense"], 64),
    ]

    private static let files = [
        "good.yaml": """
        name: a
        judge: conditions
        schedule: {interval: 1m, lifetime: 5m}
        thresholds: {pass: 90, marginal: 40}
        metrics:
          - {name: m, query: up, condition: canary <= 1, marginal: canary <= 2}
        """,
        "bad.yaml": "name: a\n",
        "same.series": "m control 1x4\nm experiment 1x4\n",
        "near.series": "m control 1x4\nm experiment 2x4\n",
        "worse.series": "m control 1x4\nm experiment 3x4\n",
    ]

    @Test func `commands end with the codes of the table`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("exit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Self.files {
            try Data((text + "\n").utf8).write(to: folder.appendingPathComponent(name))
        }
        for (arguments, code) in Self.cases {
            let outcome = try await Self.run(arguments, in: folder)
            #expect(outcome.status == code, "assay \(arguments)")
            // A sentence, and no dump of a library's error.
            #expect(!outcome.errors.contains("Error Domain="), "assay \(arguments): \(outcome.errors)")
            let listed = ExitCodeReference.entries.contains {
                $0.code == code && ($0.commands.contains(arguments[0]) || $0.commands == ["every command"])
            }
            #expect(listed, "the table has no \(code) for \(arguments[0])")
        }
    }

    private static func run(_ arguments: [String], in folder: URL) async throws -> Program.Outcome {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("assay")
        return try await Program.run(program.path, arguments, environment: ["PATH": "/usr/bin:/bin"], in: folder)
    }
}
