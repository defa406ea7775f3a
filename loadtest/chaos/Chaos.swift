import Analysis
import ArgumentParser
import Demo
import Foundation
import LoadRig

/// `chaos`: runs the program under load while what it depends on fails, and counts what came of it.
@main
struct Chaos: AsyncParsableCommand {
    enum Scenario: String, ExpressibleByArgument, CaseIterable {
        case faults
        case upgrade
        case intake
    }

    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Runs the program under load while its processes and what they depend on fail, and counts.",
        discussion:
            "Exit code 0: nothing lost, wrong, repeated, out of order or too slow. 1: something. 2: it could not run."
    )

    @Option(
        help: "faults, upgrade (old replicas replaced by new ones, and back) or intake (how fast events are taken in)."
    )
    var scenario = Scenario.faults

    @Option(help: "Deploy events that must get a final verdict; of intake: records.")
    var events: Int?

    @Option(help: "Replicas of assay serve.")
    var replicas = 3

    @Option(help: "The replicas' lease (6s).")
    var lease = "6s"

    @Option(help: "upgrade: the program to upgrade from.")
    var fromAssay: String?

    @Option(help: "Takes a real broker down (for sh -c).")
    var brokerDownCommand: String?

    @Option(help: "Brings a real broker back (for sh -c).")
    var brokerUpCommand: String?

    @Option(
        help: "Only these faults, separated by commas: \(Fault.Kind.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var faults: String?

    @Flag(help: "The same load without any fault.")
    var undisturbed = false

    @Flag(help: "One replica on the embedded store instead of Postgres.")
    var sqlite = false

    @OptionGroup var common: RunOptions

    func run() async throws {
        let console = Console.standard()
        let rig: TestRig
        let options: ChaosOptions
        do {
            options = try self.options(ProgressLog.withTime(to: console))
            rig = try TestRig(directory: common.directory)
        } catch {
            console.print(["chaos: \(error)"])
            throw ExitCode(2)
        }
        let code = await outcome(options, rig, console)
        if code != 0 { throw ExitCode(code) }
    }

    private func outcome(_ options: ChaosOptions, _ rig: TestRig, _ console: Console) async -> Int32 {
        do {
            let result = try await Interruption.ends { try await run(options, rig) }
            console.print(result.lines)
            if let report = common.report { try result.write(to: report) }
            let isFine = result.failures.isEmpty
            await rig.tearDown(keepFiles: common.keep || !isFine)
            if common.keep || !isFine { console.print(["logs: \(rig.directory)/logs"]) }
            return isFine ? 0 : 1
        } catch {
            await rig.tearDown(keepFiles: true)
            console.print(["chaos: \(error)", "logs: \(rig.directory)/logs"])
            return 2
        }
    }

    private func run(_ options: ChaosOptions, _ rig: TestRig) async throws -> RunReport {
        switch scenario {
        case .faults: try await FaultScenario(options: options, rig: rig).run()
        case .upgrade:
            try await UpgradeScenario(options: options, old: Programs.assay(fromAssay ?? ""), rig: rig).run()
        case .intake: try await IntakeScenario(options: options, rig: rig).run()
        }
    }

    private func options(_ say: @escaping @Sendable (String) -> Void) throws -> ChaosOptions {
        guard let lease = Duration(compactText: lease), lease >= .seconds(1) else {
            throw RunFailure("--lease must be a time such as 6s, at least 1s")
        }
        guard (1...16).contains(replicas) else { throw RunFailure("--replicas must lie between 1 and 16") }
        let events = events ?? (scenario == .intake ? 40_000 : 1000)
        guard (1...10_000_000).contains(events) else { throw RunFailure("--events must be at least 1") }
        var kinds = Set(Fault.Kind.allCases)
        if let faults {
            kinds = Set(
                try faults.split(separator: ",").map { name in
                    guard let kind = Fault.Kind(rawValue: String(name)) else {
                        throw RunFailure("there is no fault \(name)")
                    }
                    return kind
                }
            )
        }
        let broker = try common.broker()
        var isReal = false
        if case .real = broker { isReal = true }
        return ChaosOptions(
            events: events,
            replicas: sqlite ? 1 : replicas,
            seed: common.seed,
            lease: lease,
            assay: try common.program(),
            broker: broker,
            brokerCommands: try BrokerCommands(
                down: brokerDownCommand,
                up: brokerUpCommand,
                isReal: isReal
            ),
            usesPostgres: !sqlite,
            kinds: kinds,
            isUndisturbed: undisturbed,
            say: say
        )
    }
}
