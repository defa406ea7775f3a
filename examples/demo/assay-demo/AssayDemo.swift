import ArgumentParser
import Demo
import Foundation
import Service

/// The demonstration on one machine, and its parts.
@main
struct AssayDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay-demo",
        abstract:
            "Shows the whole path on this machine: releases of a small shop, one healthy, one broken, one a little slower.",
        version: ProgramVersion.current,
        subcommands: [Run.self, Shop.self, Release.self],
        defaultSubcommand: Run.self
    )

    /// Ends a command with one clear sentence instead of a dump.
    static func guarding(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            StandardError.write("assay-demo: \(error)\n")
            throw ExitCode(3)
        }
    }
}

/// `assay-demo run`: the whole path.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a shop, Prometheus, a broker and Assay, and judges three releases.",
        discussion: "Needs the program `prometheus`. Exit code 0 when all releases ended as they should."
    )

    @Option(help: "fast (about two minutes), or real (steps and windows as in production).")
    var pace = "fast"

    @Option(help: "Directory for plans, store and logs; a temporary one if left out.")
    var directory: String?

    @Option(help: "The program `assay`; the one beside this program if left out.")
    var assay: String?

    @Flag(help: "Leave everything running after the last release, until Ctrl-C.")
    var keepRunning = false

    func run() async throws {
        guard let pace = DemoPace(named: pace) else { throw ValidationError("--pace must be fast or real") }
        let options = DemoOptions(
            pace: pace,
            directory: directory,
            keepRunning: keepRunning,
            executable: assay,
            environment: ProcessInfo.processInfo.environment,
            feed: KafkaFeed(logger: .quiet)
        )
        let code = await DemoRun.run(options)
        if code != 0 { throw ExitCode(code) }
    }
}

/// `assay-demo shop`: the shop of the demo.
struct Shop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the demo's shop: a stable and a canary version behind a traffic split."
    )

    @Option(help: "Address to listen on. Any client that reaches it may release versions.")
    var host = "127.0.0.1"

    @Option(help: "Port; 0 takes any free one.")
    var port: UInt16 = 0

    @Option(help: "File to write the port to.")
    var portFile: String?

    @Option(help: "Requests a second that the shop sends to itself.")
    var load: UInt16 = 0

    @Option(help: "The version that is stable at the start.")
    var releaseVersion = "1.0.0"

    func run() async throws {
        try await AssayDemo.guarding {
            try await DemoShop.run(
                DemoShopOptions(
                    host: host,
                    port: Int(port),
                    portFile: portFile,
                    load: Int(load),
                    version: releaseVersion
                )
            )
        }
    }
}

/// `assay-demo release`: releases a version of the demo's shop.
struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Releases a version of a running demo shop as its canary, and prints the release's revision.",
        discussion: "What a deployment does in production. Assay is told with `assay emit`."
    )

    @Option(help: "Base URL of the shop.")
    var shopUrl = "http://127.0.0.1:8080"

    @Option(help: "The version.")
    var releaseVersion: String

    @Option(help: "Percent of requests that it receives.")
    var weight = 25

    @Flag(help: "A version that is twice as slow, and fails 8 % of its requests.")
    var broken = false

    @Flag(help: "A version that is 15 % slower.")
    var slower = false

    func run() async throws {
        try await AssayDemo.guarding {
            let release = broken ? DemoRelease.broken : slower ? .slower : .healthy
            let revision = try await DemoShopRelease.start(
                DemoRelease(
                    version: releaseVersion,
                    behaviour: release.behaviour,
                    ending: release.ending,
                    summary: release.summary
                ),
                weight: weight,
                shop: shopUrl
            )
            print(revision)
        }
    }
}
