import Analysis
import EventFormats
import Judging
import Processes
import Reports

/// Everything else that the terminal says, each as lines: no step prints words of its own.
struct DemoText: Sendable {
    let plan: DemoPlan
    let commands: DemoCommands
    let style: TerminalStyle

    var verdicts: VerdictText {
        VerdictText(style: style, detail: .reasons, sides: (control: "stable", experiment: "canary"))
    }

    var opening: [String] {
        let schedule = plan.pace.schedule
        let heading = [
            style.bold("Assay demo") + " (\(plan.pace.name)): releases of a shop, judged while they take traffic",
            style.dim("directory \(commands.directory.path)"),
            "",
            "The plan \(DemoPlan.name): compare canary and stable on",
        ]
        let metrics = plan.metrics.flatMap { metric in
            ["  \(style.bold(metric.name)): \(metric.summary)", style.dim("    \(metric.query)")]
        }
        let times =
            "a sample every \(schedule.step.compactText) after \(schedule.warmup.compactText) of warm-up,"
            + " a look every \(schedule.interval.compactText), \(plan.pace.looks) looks in \(schedule.lifetime.compactText)"
        let ending =
            "it ends at the look at which harm is shown (fail) or ruled out (pass); undecided at the last, it is held"
        return heading + metrics + ["  " + times, "  " + ending, ""]
    }

    func starting(_ process: DemoProcess, _ command: ChildCommand) -> [String] {
        let name = process.rawValue.padded(to: 11)
        return ["starting \(style.bold(name)) " + style.dim(commands.typed(command))]
    }

    func again(after failure: DemoFailure) -> [String] {
        failure.log.map { style.dim("  | \($0)") }
            + [style.yellow("\(failure) Another program has its port: everything starts again with other ports."), ""]
    }

    func running(_ ids: [(process: DemoProcess, id: Int32)], environment: [String: String]) -> [String] {
        let processes = ids.map { "\($0.process.rawValue) \($0.id)" }.joined(separator: ", ")
        let grafana = environment["ASSAY_GRAFANA_URL"] ?? environment["GRAFANA_URL"] ?? ""
        return [
            "all are up: \(processes)",
            "  shop        \(style.cyan(commands.shopURL))",
            "  prometheus  \(style.cyan(commands.prometheusURL))",
            "  assay       \(style.cyan("\(commands.webURL)/"))",
            grafana.isEmpty
                ? "  grafana     off: set ASSAY_GRAFANA_URL to have the analyses annotated there"
                : "  grafana     \(style.cyan(grafana))",
        ]
    }

    func learning(_ time: Duration) -> [String] {
        ["the shop takes traffic for \(time.compactText): what is usual of it is learned from this"]
    }

    func release(_ release: DemoRelease) -> [String] {
        let should: String
        switch (release.ending, release.latestLook) {
        case (.promoted, _): should = "should pass and be promoted"
        case (.aborted, let look?): should = "should fail at look \(look) at the latest and be aborted"
        case (.aborted, nil): should = "should fail as soon as it is shown, and be aborted"
        }
        return ["", style.bold("Release \(release.version)") + ": \(release.summary); \(should)"]
    }

    func deployed(_ release: DemoRelease, weight: Int) -> [String] {
        ["  the shop sends \(weight) % of its requests to \(release.version); the deploy event:"]
    }

    func typed(_ command: ChildCommand) -> [String] {
        ["  $ " + style.cyan(commands.typed(command))]
    }

    /// What a command has printed.
    func answer(_ lines: [String]) -> [String] { lines.map { style.dim("    \($0)") } }

    func session(_ verdict: Verdict) -> [String] {
        ["  analysis \(verdict.session), plan \(verdict.plan), judge \(verdict.judge)"]
            + ["  " + style.cyan("\(commands.webURL)/sessions/\(verdict.session)")]
    }

    func progress(_ watch: ReleaseWatch, elapsed: Duration) -> String {
        let total = max(1, plan.pace.longestAnalysis.milliseconds)
        let done = min(max(0, elapsed.milliseconds), total)
        let filled = Int(done * 24 / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        let weight = watch.shop.map { "\(Int($0.weight(of: watch.release.version))) % of traffic" } ?? "traffic unknown"
        let phase: String
        if !watch.finals.isEmpty {
            phase = "waiting for the controller"
        } else if elapsed < plan.pace.schedule.warmup {
            phase = "warming up"
        } else {
            let look = min(plan.pace.looks, (watch.verdicts.last?.look ?? 0) + 1)
            phase = "look \(look) of \(plan.pace.looks)"
        }
        let time = "\(done / 1000) of \(total / 1000) s"
        return "  [\(bar)] \(watch.release.version) · \(phase) · \(time) · \(weight)"
    }

    func traffic(_ watch: ReleaseWatch) -> [String] {
        guard let shop = watch.shop else { return [] }
        let version = watch.release.version
        let line = "  traffic: \(version) has \(Int(shop.weight(of: version))) %, stable is \(shop.stable.version)"
        return [style.bold(line)]
    }

    func killing(_ fault: DemoFault) -> [String] {
        let away = fault.downtime > .zero ? ", away for \(fault.downtime.compactText)" : ""
        return [style.yellow("  kill -9 \(fault.target.rawValue)\(away)")]
    }

    func restarted(_ fault: DemoFault, id: Int32) -> [String] {
        [style.yellow("  \(fault.target.rawValue) started again (\(id))")]
    }

    var staying: [String] {
        [
            "",
            "Everything is left running until Ctrl-C: \(commands.shopURL), \(commands.prometheusURL),"
                + " \(commands.webURL)/",
        ]
    }

    /// The summary: a table of the releases, a conclusion of one line, and where to look.
    func ending(_ outcome: DemoOutcome, failure: DemoFailure?) -> [String] {
        var lines = [""]
        if !outcome.releases.isEmpty { lines += summary(outcome.releases) + [""] }
        if let failure {
            lines += failure.log.map { style.dim("  | \($0)") }
            lines.append(style.red("The demo failed: \(failure)"))
        } else if outcome.interrupted {
            lines.append(style.yellow("Interrupted; every process has been ended."))
        } else if outcome.isSuccess {
            lines.append(style.green(conclusion(outcome.releases)))
        } else {
            let problems = outcome.releases.flatMap { watch in
                watch.problems.map { "\(watch.release.version): \($0)" }
            }
            lines.append(style.red("Not as it should be: \(problems.joined(separator: "; "))."))
        }
        return lines + [style.dim("plan, logs, metrics and store: \(commands.directory.path)")]
    }

    private func summary(_ watches: [ReleaseWatch]) -> [String] {
        var table = TextTable(edges: [.left, .left, .left, .left, .right, .left, .left])
        table.rows.append([
            "release", "verdict", "looks", "action", "traffic", "as it should be", "harm shown, with 95 % interval",
        ])
        table.rows += watches.map { watch in
            let final = watch.finals.first
            return [
                watch.release.version,
                final.map { $0.status == .completed ? $0.result.rawValue : $0.status.rawValue } ?? "none",
                final.map { "\($0.look) of \($0.looks)" } ?? "-",
                watch.finalAction?.action.rawValue ?? "none",
                watch.shop.map { "\(Int($0.weight(of: watch.release.version))) %" } ?? "-",
                watch.problems.isEmpty ? "yes" : "no",
                final.map(harm) ?? "-",
            ]
        }
        return table.lines
    }

    /// How much worse the metrics are that failed the release.
    private func harm(_ verdict: Verdict) -> String {
        let shown = verdict.metrics.map(\.judgement).compactMap { metric -> String? in
            guard !metric.muted, [.high, .low].contains(metric.classification), let effect = metric.sequential?.effect
            else { return nil }
            return "\(metric.name) \(effect.cell)"
        }
        return shown.isEmpty ? "none" : shown.joined(separator: ", ")
    }

    private func conclusion(_ watches: [ReleaseWatch]) -> String {
        let parts = watches.map { watch in
            let version = watch.release.version
            switch watch.release.ending {
            case .promoted: return "\(version) passed and was promoted"
            case .aborted:
                let look = watch.finals.first.map { " at look \($0.look) of \($0.looks)" } ?? ""
                return "\(version) failed\(look) and was rolled back"
            }
        }
        return parts.joined(separator: "; ") + "."
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
