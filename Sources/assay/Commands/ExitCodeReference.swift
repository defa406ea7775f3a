import ArgumentParser

/// The exit codes of every command: what `assay exit-codes` prints and the documentation shows.
enum ExitCodeReference {
    struct Entry {
        /// The commands that end like this.
        var commands: [String]
        var code: Int32
        var meaning: String
    }

    static let entries = [
        Entry(commands: ["serve", "rollout"], code: 0, meaning: "Stopped by a signal."),
        Entry(
            commands: ["serve", "rollout"],
            code: ExitReport.failure,
            meaning: "Could not start, or had to end: one sentence says why."
        ),
        Entry(commands: ["migrate"], code: 0, meaning: "The tables are up to date."),
        Entry(commands: ["migrate"], code: ExitReport.failure, meaning: "They are not: one sentence says why."),
        Entry(commands: ["broker"], code: 0, meaning: "Stopped by a signal."),
        Entry(commands: ["broker"], code: 1, meaning: "Could not start."),
        Entry(commands: ["health"], code: 0, meaning: "The process answers that it is alive, or ready."),
        Entry(commands: ["health"], code: 1, meaning: "It does not."),
        Entry(commands: ["releases"], code: 0, meaning: "What was known about the releases is forgotten."),
        Entry(commands: ["releases"], code: ExitReport.failure, meaning: "It is not: one sentence says why."),
        Entry(commands: ["emit"], code: 0, meaning: "The event is on the topic, or with the service."),
        Entry(
            commands: ["emit"],
            code: ExitReport.failure,
            meaning: "It is not, also where its id is that of another event: one sentence says why."
        ),
        Entry(
            commands: ["emit"],
            code: 1,
            meaning: "With `--wait` the final verdict is `completed`, `fail`; the codes of `wait` apply."
        ),
        Entry(commands: ["emit"], code: 2, meaning: "With `--wait`, as code 2 of `wait`."),
        Entry(commands: ["wait"], code: 0, meaning: "The final verdict is `completed`, `pass`."),
        Entry(commands: ["wait"], code: 1, meaning: "The final verdict is `completed`, `fail`."),
        Entry(
            commands: ["wait"],
            code: 2,
            meaning: "The final verdict is `marginal` or `inconclusive`, or the analysis `errored` or was `cancelled`."
        ),
        Entry(
            commands: ["wait"],
            code: ExitReport.failure,
            meaning:
                "No final verdict in time, one that does not count (by a plan of an event, or not signed), several releases fit the"
                + " options, or an error."
        ),
        Entry(commands: ["show"], code: 0, meaning: "The final verdict is `completed`, `pass`."),
        Entry(commands: ["show"], code: 1, meaning: "The final verdict is `completed`, `fail`."),
        Entry(commands: ["show"], code: 2, meaning: "As code 2 of `wait`."),
        Entry(
            commands: ["show"],
            code: ExitReport.failure,
            meaning: "The analysis runs, its verdict does not count (as for `wait`), several releases fit, or an error."
        ),
        Entry(commands: ["analyse"], code: 0, meaning: "The past window is judged: `completed`, `pass`."),
        Entry(commands: ["analyse"], code: 1, meaning: "It is judged: `completed`, `fail`."),
        Entry(
            commands: ["analyse"],
            code: 2,
            meaning: "As code 2 of `wait`, also where the metrics back end gave no answer."
        ),
        Entry(
            commands: ["analyse"],
            code: ExitReport.failure,
            meaning: "The request was refused, the analysis has not ended in time, or an error."
        ),
        Entry(
            commands: ["sessions", "top", "report"],
            code: 0,
            meaning: "It was printed, whatever verdicts there are."
        ),
        Entry(
            commands: ["sessions", "top", "report"],
            code: ExitReport.failure,
            meaning: "It was not: one sentence says why."
        ),
        Entry(
            commands: ["approve", "abort", "cancel", "feedback"],
            code: 0,
            meaning: "It is decided or kept, or was so before."
        ),
        Entry(
            commands: ["approve", "abort", "cancel", "feedback"],
            code: ExitReport.failure,
            meaning: "It is not: one sentence says why."
        ),
        Entry(commands: ["token"], code: 0, meaning: "The token and its entry were printed."),
        Entry(commands: ["validate"], code: 0, meaning: "All plans are valid."),
        Entry(
            commands: ["validate"],
            code: 1,
            meaning: "At least one is not, a file cannot be read, or a directory holds no plan; with `--strict` also a "
                + "warning; with `--live` also a query that cannot be judged by its answer."
        ),
        Entry(
            commands: ["validate"],
            code: ExitReport.failure,
            meaning: "With `--live`: a setting is wrong, or the metrics back end gives no answer."
        ),
        Entry(commands: ["judge"], code: 0, meaning: "`pass`; with `--kayenta-cases` all lines were answered."),
        Entry(commands: ["judge"], code: 1, meaning: "`fail`."),
        Entry(commands: ["judge"], code: 2, meaning: "`marginal` or `inconclusive`."),
        Entry(commands: ["judge"], code: ExitReport.failure, meaning: "Plan or series cannot be read."),
        Entry(
            commands: ["evaluate"],
            code: 0,
            meaning: "The judges were evaluated; files that were left out are named."
        ),
        Entry(
            commands: ["evaluate"],
            code: ExitReport.failure,
            meaning: "There is nothing to evaluate, or the result cannot be written."
        ),
        Entry(commands: ["config"], code: 0, meaning: "The process would start with these settings."),
        Entry(commands: ["config"], code: ExitReport.failure, meaning: "It would not: every reason is listed."),
        Entry(
            commands: ["settings", "metrics", "plan-keys", "exit-codes"],
            code: 0,
            meaning: "Always."
        ),
        Entry(
            commands: ["every command"],
            code: 0,
            meaning: "`--help` alone: the options were shown, and nothing else was done; so does `assay --version`."
        ),
        Entry(
            commands: ["every command"],
            code: ExitReport.failure,
            meaning:
                "`--help` or `--version` among other arguments or with a value, or no command at all; for `emit`, `wait`, `judge`, `validate`, `health` and `show` also an option given twice, or an empty value."
        ),
        Entry(
            commands: ["every command"],
            code: ExitCode.validationFailure.rawValue,
            meaning:
                "Wrong usage: an unknown command, option or argument (`serve`, `rollout` and `migrate` say 3 for unknown settings)."
        ),
    ]

    static var markdown: String {
        let head = ["| command | exit code | meaning |", "| --- | --- | --- |"]
        return (head + entries.map(row)).joined(separator: "\n")
    }

    private static func row(_ entry: Entry) -> String {
        let commands = entry.commands.map { $0.contains(" ") ? $0 : "`\($0)`" }.joined(separator: ", ")
        return "| \(commands) | \(entry.code) | \(entry.meaning) |"
    }
}
