import Foundation
import Glibc
import HTTPTransport
import Reports

/// The demo: a shop, a Prometheus, a broker and Assay's own processes on this machine, and releases judged by them.
package enum DemoRun {
    /// How often everything is started when other programs have taken its ports.
    static let maximumAttempts = 4

    /// Runs it to its end, leaves no process behind, and returns the exit code.
    package static func run(_ options: DemoOptions) async -> Int32 {
        await outcome(of: options).exitCode
    }

    /// As `run`, with everything that was seen.
    package static func outcome(of options: DemoOptions) async -> DemoOutcome {
        // A reader of our output that goes away must not end us before our processes are ended.
        _ = signal(SIGPIPE, SIG_IGN)
        var outcome = DemoOutcome()
        do {
            var stage = try DemoStage.prepare(options)
            outcome.directory = stage.commands.directory.path
            var end = await steps(of: stage)
            var attempts = 1
            while attempts < maximumAttempts, let failure = end.failure, failure.foundPortTaken, end.releases.isEmpty {
                attempts += 1
                options.console.print(stage.text.again(after: failure))
                stage = try stage.again()
                end = await steps(of: stage)
            }
            await stage.http.close()
            outcome.releases = end.releases
            outcome.interrupted = end.interrupted
            outcome.failure = end.failure?.description
            options.console.showProgress("")
            options.console.print(stage.text.ending(outcome, failure: end.failure))
        } catch {
            outcome.failure = "\(error)"
            options.console.print(["", options.style.red("The demo could not start: \(error)")])
        }
        return outcome
    }

    private static func steps(of stage: DemoStage) async -> DemoSteps.End {
        let end = await DemoSteps(stage: stage).run()
        await stage.processes.terminate()
        return end
    }
}
