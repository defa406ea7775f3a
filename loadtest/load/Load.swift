import Analysis
import ArgumentParser
import Demo
import Foundation
import LoadRig

/// `load`: runs the program under load and says how fast it was, and what it took.
@main
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Drives many analyses through the program at once, and measures.",
        discussion: "Exit code 0: every verdict came, once and right. 1: one did not. 2: it could not run."
    )

    @Option(help: "Analyses; several numbers, separated by commas or blanks, are run one after the other.")
    var sessions = "1000"

    @Option(help: "Metrics of the plan.")
    var metrics = 3

    @Option(help: "Distance of two samples (10s).")
    var step = "10s"

    @Option(help: "Distance of two looks; the step if left out.")
    var interval: String?

    @Option(help: "How long an analysis lasts, a multiple of the step (2m).")
    var duration = "2m"

    @Option(help: "Time after the deployment whose samples are not used (10s).")
    var warmup = "10s"

    @Option(help: "Milliseconds that the back end takes to answer, give or take half.")
    var backendLatency: Int64 = 0

    @Option(help: "The share of requests that the back end answers with 503.")
    var backendErrors = 0.0

    @Option(help: "Replicas of assay serve; more than one share a Postgres.")
    var replicas = 1

    @Flag(help: "Postgres also for one replica.")
    var postgres = false

    @Option(parsing: .unconditionalSingleValue, help: "A flag for every assay serve; may be given several times.")
    var serveFlag: [String] = []

    @OptionGroup var common: RunOptions

    func run() async throws {
        let console = Console.standard()
        let code: Int32
        do {
            let options = try self.options(ProgressLog.withTime(to: console))
            let counts = try self.counts()
            var report = RunReport(title: "Load: \(counts.map { "\($0)" }.joined(separator: ", ")) analyses")
            report.facts = facts(options)
            var measurements: [Measurement] = []
            for count in counts {
                options.say("\(count) analyses: starting")
                measurements.append(try await measure(count, options, console))
            }
            report.add(measurements)
            console.print(report.lines)
            if let path = common.report { try report.write(to: path) }
            code = report.failures.isEmpty ? 0 : 1
        } catch {
            console.print(["load: \(error)"])
            code = 2
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Runs one number of analyses with processes and files of its own.
    private func measure(_ sessions: Int, _ options: LoadOptions, _ console: Console) async throws -> Measurement {
        let rig = try TestRig(directory: common.directory.map { "\($0)/\(sessions)" })
        do {
            let run = LoadRun(options: options, sessions: sessions, rig: rig)
            let measurement = try await Interruption.ends { try await run.run() }
            let keeps = common.keep || measurement.hasFailed
            await rig.tearDown(keepFiles: keeps)
            if keeps { console.print(["logs: \(rig.directory)/logs"]) }
            return measurement
        } catch {
            await rig.tearDown(keepFiles: true)
            console.print(["logs: \(rig.directory)/logs"])
            throw error
        }
    }

    private func facts(_ options: LoadOptions) -> [String] {
        let plan = options.plan
        let latency = options.backEnd.latency
        return [
            "\(plan.metrics) metrics, \(plan.queriesPerLook) queries a look; step \(plan.step.compactText),"
                + " look every \(plan.interval.compactText), \(plan.delay.compactText) after its window;"
                + " analyses last \(plan.lifetime.compactText)",
            "\(options.replicas) replica\(options.replicas == 1 ? "" : "s") on"
                + (options.usesPostgres ? " Postgres with fsync on" : " SQLite with synchronous = FULL"),
            "\(options.broker)",
            "back end: " + (latency > 0 ? "\(latency) ms, give or take half" : "answers at once")
                + ", \(Figures.number(options.backEnd.errors * 100)) % errors; seed \(options.seed)",
            "\(ProcessInfo.processInfo.activeProcessorCount) processors for everything together",
        ] + (options.serveFlags.isEmpty ? [] : ["assay serve \(options.serveFlags.joined(separator: " "))"])
    }

    private func counts() throws -> [Int] {
        let counts = sessions.split { $0 == "," || $0 == " " }.map { Int($0) ?? 0 }
        guard !counts.isEmpty, counts.allSatisfy({ (1...200_000).contains($0) }) else {
            throw RunFailure("--sessions must be numbers from 1 to 200000")
        }
        return counts
    }

    private func options(_ say: @escaping @Sendable (String) -> Void) throws -> LoadOptions {
        let step = try Self.time(step, "--step")
        let interval = try self.interval.map { try Self.time($0, "--interval") } ?? step
        let duration = try Self.time(duration, "--duration")
        guard interval.milliseconds % step.milliseconds == 0, duration.milliseconds % step.milliseconds == 0 else {
            throw RunFailure("--interval and --duration must be multiples of the step")
        }
        guard (1...16).contains(replicas) else { throw RunFailure("--replicas must lie between 1 and 16") }
        guard (1...100).contains(metrics) else { throw RunFailure("--metrics must lie between 1 and 100") }
        guard (0...60_000).contains(backendLatency) else {
            throw RunFailure("--backend-latency must lie between 0 and 60000 ms")
        }
        guard (0...1).contains(backendErrors) else { throw RunFailure("--backend-errors must lie between 0 and 1") }
        return LoadOptions(
            assay: try common.program(),
            plan: LoadPlan(
                metrics: metrics,
                step: step,
                interval: interval,
                lifetime: duration,
                warmup: try Self.time(warmup, "--warmup"),
                // Failed queries are asked again at later looks, but for the last one.
                patience: backendErrors > 0 ? 6 : 1
            ),
            seed: common.seed,
            replicas: replicas,
            usesPostgres: postgres || replicas > 1,
            backEnd: BackEndBehaviour(latency: backendLatency, errors: backendErrors),
            broker: try common.broker(),
            serveFlags: serveFlag,
            say: say
        )
    }

    private static func time(_ text: String, _ flag: String) throws -> Duration {
        guard let time = Duration(compactText: text), time >= .seconds(1), time.milliseconds % 1000 == 0 else {
            throw RunFailure("\(flag) must be whole seconds, such as 10s")
        }
        return time
    }
}
