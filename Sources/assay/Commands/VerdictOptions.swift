import Analysis
import ArgumentParser
import Service

/// The options of commands that wait for a verdict: `wait`, and `emit --wait`.
struct VerdictOptions: ParsableArguments {
    @Option(help: "Longest time to wait for the verdict (90s, 30m); an hour without it.")
    var timeout: String?

    @Option(
        help: """
            Then wait this long too (90s, 5m) for what the rollout controller does about the verdict, and print it. Does \
            not change the exit code. Over Kafka it takes the right to read the topic of rollout events.
            """
    )
    var actionTimeout: String?

    @Flag(
        help: """
            Print one word on standard output (pass, fail, marginal, inconclusive, cancelled, errored, or none) and \
            everything else on standard error.
            """
    )
    var result = false

    @Flag(
        help: """
            Take a verdict by a plan that came with the deploy event too: its sender then decides what passes. Without it \
            such a verdict ends with exit code 3, unless `emit` has sent the plan itself.
            """
    )
    var plansFromEvents = false

    @Flag(help: "Print interim verdicts too.")
    var verbose = false

    @Option(help: "File to which the final verdict is added as Markdown (GITHUB_STEP_SUMMARY).")
    var summaryFile: String?

    /// How long to wait, as the options say.
    struct Limits: Equatable {
        var verdict: Duration
        /// nil without `--action-timeout`.
        var action: Duration?
    }

    func limits() throws(SettingsError) -> Limits {
        let verdict = try Self.time(timeout, "--timeout") ?? .seconds(3600)
        guard verdict > .zero else { throw SettingsError("--timeout: must be longer than 0s") }
        return Limits(verdict: verdict, action: try Self.time(actionTimeout, "--action-timeout"))
    }

    /// The options that were given, as they are written.
    var given: [String] {
        [
            timeout.map { _ in "--timeout" }, actionTimeout.map { _ in "--action-timeout" },
            result ? "--result" : nil, plansFromEvents ? "--plans-from-events" : nil, verbose ? "--verbose" : nil,
            summaryFile.map { _ in "--summary-file" },
        ].compactMap { $0 }
    }

    private static func time(_ text: String?, _ option: String) throws(SettingsError) -> Duration? {
        guard let text else { return nil }
        guard let time = Duration(compactText: text) else {
            throw SettingsError("\(option): \"\(text)\" is not a time such as 90s or 30m")
        }
        return time
    }
}
