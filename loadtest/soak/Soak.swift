import ArgumentParser
import Demo
import Foundation
import LoadRig

/// `soak`: attacks the program, one attack after the other, while good releases go on, and counts their verdicts.
@main
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Attacks the program while good releases go on, and counts.",
        discussion: "Exit code 0: every good release got its verdict and its action, once and right, and nothing was"
            + " restarted. 1: not so. 2: it could not run."
    )

    @Option(help: "Seconds of all attacks together.")
    var seconds = 600

    @Option(help: "Good releases a second.")
    var rate = 50

    @Option(
        help: ArgumentHelp(
            "Attacks, separated by commas or blanks; all if left out.",
            discussion: AttackName.allCases.map(\.rawValue).joined(separator: ", ")
        )
    )
    var attacks = ""

    @Option(help: "The share of connections, records and bytes that each attack names, up to 1.")
    var scale = 1.0

    @Option(help: "File to write the figures to, as JSON.")
    var json: String?

    @OptionGroup var common: RunOptions

    func run() async throws {
        let console = Console.standard()
        let code: Int32
        do {
            let options = try self.options(ProgressLog.withTime(to: console))
            let result = try await measure(options, console)
            let report = RunReport(result, options)
            console.print(report.lines)
            if let path = common.report { try report.write(to: path) }
            if let json { try result.json.write(to: URL(fileURLWithPath: json)) }
            code = report.failures.isEmpty ? 0 : 1
        } catch {
            console.print(["soak: \(error)"])
            code = 2
        }
        if code != 0 { throw ExitCode(code) }
    }

    private func measure(_ options: SoakOptions, _ console: Console) async throws -> SoakResult {
        let rig = try TestRig(directory: common.directory)
        do {
            let result = try await Interruption.ends { try await SoakRun(options: options, rig: rig).run() }
            let keeps = common.keep || !result.failures.isEmpty
            await rig.tearDown(keepFiles: keeps)
            if keeps { console.print(["logs: \(rig.directory)/logs"]) }
            return result
        } catch {
            await rig.tearDown(keepFiles: true)
            console.print(["logs: \(rig.directory)/logs"])
            throw error
        }
    }

    private func options(_ say: @escaping @Sendable (String) -> Void) throws -> SoakOptions {
        let names = attacks.split { $0 == "," || $0 == " " }
        let chosen = try names.map { name in
            guard let attack = AttackName(rawValue: String(name)) else {
                throw RunFailure("\(name) is no attack: \(AttackName.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return attack
        }
        guard (1...86_400).contains(seconds) else { throw RunFailure("--seconds must lie between 1 and 86400") }
        guard (1...1000).contains(rate) else { throw RunFailure("--rate must lie between 1 and 1000") }
        guard scale > 0, scale <= 1 else { throw RunFailure("--scale must be above 0, and 1 at most") }
        return SoakOptions(
            assay: try common.program(),
            seconds: seconds,
            rate: rate,
            attacks: chosen.isEmpty ? AttackName.allCases : chosen,
            scale: scale,
            broker: try common.broker(),
            say: say
        )
    }
}
