import ArgumentParser
import Demo
import Foundation

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
            feed: KafkaFeed(logger: Emit.quietLogger)
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

    @Option(help: "Port on 127.0.0.1; 0 takes any free one.")
    var port = 0

    @Option(help: "File to write the port to.")
    var portFile: String?

    @Option(help: "Requests a second that the shop sends to itself.")
    var load = 0

    @Option(help: "The version that is stable at the start.")
    var releaseVersion = "1.0.0"

    func run() async throws {
        try await ExitReport.guarding {
            try await DemoShop.run(
                DemoShopOptions(port: port, portFile: portFile, load: load, version: releaseVersion)
            )
        }
    }
}
