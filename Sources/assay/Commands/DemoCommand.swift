import ArgumentParser
import Demo
import Foundation
import Service

/// `assay demo`: shows the whole path on this machine.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole path on this machine: two releases of a small shop, one healthy, one broken.",
        discussion: "Needs the program `prometheus`. Exit code 0 when both releases ended as they should."
    )

    @Option(help: "fast (about two minutes), or real (steps and windows as in production).")
    var pace = "fast"

    @Option(help: "Directory for plans, store and logs; a temporary one if left out.")
    var directory: String?

    @Flag(help: "Leave everything running after the last release, until Ctrl-C.")
    var keepRunning = false

    func run() async throws {
        guard let pace = DemoPace(named: pace) else { throw ValidationError("--pace must be fast or real") }
        let options = DemoOptions(
            pace: pace,
            directory: directory,
            keepRunning: keepRunning,
            environment: ProcessInfo.processInfo.environment,
            feed: KafkaFeed(logger: .quiet)
        )
        let code = await DemoRun.run(options)
        if code != 0 { throw ExitCode(code) }
    }
}

/// `assay demo-shop`: the shop of the demo.
struct DemoShopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-shop",
        abstract: "Runs the demo's shop: a stable and a canary version behind a traffic split."
    )

    @Option(help: "Address to listen on. Whoever reaches it may release versions.")
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
        try await ExitReport.guarding {
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

/// `assay demo-release`: releases a version of the demo's shop.
struct DemoReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-release",
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

    func run() async throws {
        try await ExitReport.guarding {
            let release = broken ? DemoRelease.broken : .healthy
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
