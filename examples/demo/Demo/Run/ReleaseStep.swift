import Analysis
import EventFormats
import Processes
import Reports

/// One release: deployed as a canary, announced by a deploy event, followed until the controller has acted.
struct ReleaseStep: Sendable {
    let stage: DemoStage
    let watches: DemoWatches
    let release: DemoRelease
    let brokers: String

    func run(_ signals: inout AsyncStream<DemoSignal>.Iterator) async throws {
        var watch = ReleaseWatch(release: release)
        watches.update(watch)
        stage.console.print(stage.text.release(release))
        try await deploy()
        let clock = ContinuousClock()
        let deployed = clock.now
        try await inject(.deployed(version: release.version))
        let limit = stage.plan.pace.longestAnalysis + stage.plan.pace.schedule.deadline + .seconds(30)
        var seconds = 0
        while !watch.isOver {
            guard let signal = await signals.next() else { throw CancellationError() }
            switch signal {
            case .observed(.verdict(let verdict)): try await handle(verdict, &watch)
            case .observed(.action(let action)): try await handle(action, &watch)
            case .tick:
                let elapsed = clock.now - deployed
                guard elapsed < limit else { return try giveUp(watch, after: elapsed) }
                watch.shop = await stage.client.shop(at: stage.commands.shopURL) ?? watch.shop
                stage.console.showProgress(stage.text.progress(watch, elapsed: elapsed))
                while seconds < Int(elapsed.components.seconds) {
                    seconds += 1
                    try await inject(.second(version: release.version, seconds))
                }
            }
            watches.update(watch)
        }
        stage.console.showProgress("")
        stage.console.print(stage.text.traffic(watch))
    }

    private func deploy() async throws {
        let weight = stage.plan.pace.canaryWeight
        let revision = try await stage.client.release(release, weight: weight, shop: stage.commands.shopURL)
        stage.console.print(stage.text.deployed(release, weight: weight))
        let emit = stage.commands.emit(version: release.version, revision: revision, brokers: brokers)
        stage.console.print(stage.text.typed(emit))
        try await stage.processes.runToEnd(emit)
        stage.console.print(stage.text.answer(LogTail.lines(of: emit.logPath, count: 3)))
    }

    private func handle(_ verdict: Verdict, _ watch: inout ReleaseWatch) async throws {
        guard watch.record(verdict) else { return watches.record(.verdict(verdict)) }
        if watch.verdicts.count == 1 { stage.console.print(stage.text.session(verdict)) }
        stage.console.print(stage.text.verdicts.lines(verdict))
        let isFinal = verdict.kind == .final
        try await inject(
            isFinal ? .finalVerdict(version: release.version) : .look(version: release.version, verdict.look)
        )
    }

    private func handle(_ action: RolloutAction, _ watch: inout ReleaseWatch) async throws {
        guard watch.record(action) else { return watches.record(.action(action)) }
        stage.console.print(stage.text.verdicts.lines(action))
        watch.shop = await stage.client.shop(at: stage.commands.shopURL) ?? watch.shop
        try await inject(.acted(version: release.version))
    }

    private func giveUp(_ watch: ReleaseWatch, after elapsed: Duration) throws {
        watches.update(watch)
        let missing = watch.problems.joined(separator: "; ")
        let time = ReadableSample.duration(elapsed)
        throw DemoFailure(
            "Release \(release.version) has not ended after \(time): \(missing).",
            log: LogTail.lines(of: stage.commands.directory.log(DemoProcess.serve.rawValue), count: 15)
        )
    }

    /// Puts in the faults that are asked for at this moment.
    private func inject(_ moment: DemoMoment) async throws {
        for fault in await stage.options.faults(moment) {
            stage.console.print(stage.text.killing(fault))
            let process = fault.target.process
            guard let child = try await stage.processes.killAndRestart(process, downtime: fault.downtime) else {
                continue
            }
            stage.console.print(stage.text.restarted(fault, id: child.id))
        }
    }
}
