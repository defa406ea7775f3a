import Analysis
import Processes
import Synchronization

/// The run, step by step.
struct DemoSteps: Sendable {
    /// How the steps came to their end.
    struct End: Sendable {
        var releases: [ReleaseWatch] = []
        var failure: DemoFailure?
        var interrupted = false
    }

    private enum Finish: Sendable {
        case done
        case interrupted
    }

    let stage: DemoStage
    /// Kept outside the tasks, so that an interrupted run still tells what it saw.
    private let watches = DemoWatches()

    init(stage: DemoStage) {
        self.stage = stage
    }

    /// Runs until the last release has ended, a process dies, or a signal comes.
    func run() async -> End {
        var end = End()
        do {
            let finish = try await withThrowingTaskGroup(of: Finish.self) { group in
                defer { group.cancelAll() }
                if stage.options.handlesSignals {
                    group.addTask {
                        await ShutdownSignal.wait()
                        return .interrupted
                    }
                }
                group.addTask {
                    try await stage.processes.watch()
                    return .done
                }
                group.addTask {
                    try await allSteps()
                    return .done
                }
                return try await group.next() ?? .done
            }
            end.interrupted = finish == .interrupted && !watches.areComplete
        } catch is CancellationError {
            end.interrupted = true
        } catch let failure as DemoFailure {
            end.failure = failure
        } catch {
            end.failure = DemoFailure("\(error)")
        }
        end.releases = watches.all
        return end
    }

    private func allSteps() async throws {
        stage.console.print(stage.text.opening)
        try writeFiles()
        let brokers = try await startBroker()
        try await startShop()
        try await startPrometheus()
        try await startServe(brokers)
        try await startRollout(brokers)
        try await waitForHistory()
        stage.console.print(stage.text.running(stage.processes.ids, environment: stage.options.environment))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await stage.options.feed.follow(brokers: brokers) { observation in
                    stage.signals.continuation.yield(.observed(observation))
                }
                try Task.checkCancellation()
                throw DemoFailure("Reading canary.verdicts and canary.rollouts ended early.")
            }
            group.addTask { await stage.signals.tick() }
            group.addTask {
                var signals = stage.signals.stream.makeAsyncIterator()
                for release in stage.options.releases {
                    let step = ReleaseStep(stage: stage, watches: watches, release: release, brokers: brokers)
                    try await step.run(&signals)
                }
                try await settle(&signals)
                try await keepRunning()
            }
            // The first to end is the last of these, unless one of the others fails.
            try await group.next()
        }
    }

    private func writeFiles() throws {
        let commands = stage.commands
        let prometheus = PrometheusFile(
            scrapeInterval: stage.plan.pace.scrapeInterval,
            shopPort: commands.ports.shop,
            assayPort: commands.ports.web
        )
        try commands.directory.write(stage.plan.yaml, to: commands.directory.plan)
        try commands.directory.write(prometheus.yaml, to: commands.directory.prometheusConfiguration)
    }

    private func startBroker() async throws -> String {
        let broker = try start(.broker, brokers: "")
        return try await Readiness.wait(for: broker, atMost: .seconds(120)) {
            LogTail.value(after: "KAFKA_BROKERS=", in: broker.command.logPath)
        }
    }

    private func startShop() async throws {
        let shop = try start(.shop, brokers: "")
        _ = try await Readiness.wait(for: shop, atMost: .seconds(120)) {
            await stage.client.shop(at: stage.commands.shopURL)
        }
    }

    private func startPrometheus() async throws {
        let prometheus = try start(.prometheus, brokers: "")
        let url = stage.commands.prometheusURL
        _ = try await Readiness.wait(for: prometheus, atMost: .seconds(120)) {
            await stage.client.isReady("\(url)/-/ready")
        }
        let rate = "rate(http_requests_total{app=\"shop\"}[\(stage.plan.pace.rateWindow.components.seconds)s]) > 0"
        _ = try await Readiness.wait(for: prometheus, atMost: stage.plan.pace.rateWindow * 3 + .seconds(120)) {
            await stage.client.hasData(rate, prometheus: url)
        }
    }

    /// Until the shop has run so long that its noise can be learned.
    private func waitForHistory() async throws {
        let pace = stage.plan.pace
        stage.console.print(stage.text.learning(pace.timeBefore))
        let clock = ContinuousClock()
        let start = clock.now
        let rate =
            "rate(http_requests_total{app=\"shop\"}[\(pace.rateWindow.components.seconds)s]"
            + " offset \(pace.timeBefore.components.seconds)s) > 0"
        while await stage.client.hasData(rate, prometheus: stage.commands.prometheusURL) != true {
            guard clock.now - start < pace.timeBefore + .seconds(120) else {
                throw DemoFailure("Prometheus has no samples of the shop from \(pace.timeBefore.compactText) ago.")
            }
            try await clock.sleep(for: .milliseconds(500))
        }
    }

    private func startServe(_ brokers: String) async throws {
        let serve = try start(.serve, brokers: brokers)
        _ = try await Readiness.wait(for: serve, atMost: .seconds(120)) {
            await stage.client.isReady("\(stage.commands.webURL)/readyz")
        }
    }

    /// The controller has no port to ask; it reads its topic from the beginning, so nothing is missed before it is ready.
    private func startRollout(_ brokers: String) async throws {
        _ = try start(.rollout, brokers: brokers)
    }

    private func start(_ process: DemoProcess, brokers: String) throws -> ChildProcess {
        let command = stage.commands.command(for: process, brokers: brokers)
        stage.console.print(stage.text.starting(process, command))
        return try stage.processes.start(process, command)
    }

    /// Listens a little longer, so that a final verdict too many is seen.
    private func settle(_ signals: inout AsyncStream<DemoSignal>.Iterator) async throws {
        let clock = ContinuousClock()
        let until = clock.now + stage.options.settle
        while clock.now < until, let signal = await signals.next() {
            if case .observed(let observation) = signal { watches.record(observation) }
        }
        try Task.checkCancellation()
    }

    private func keepRunning() async throws {
        watches.complete()
        guard stage.options.keepRunning else { return }
        stage.console.showProgress("")
        stage.console.print(stage.text.staying)
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// What has been seen of all releases so far.
final class DemoWatches: Sendable {
    private struct State {
        var watches: [ReleaseWatch] = []
        var isComplete = false
    }

    private let state = Mutex(State())

    var all: [ReleaseWatch] { state.withLock { $0.watches } }
    /// Every release has been seen to its end.
    var areComplete: Bool { state.withLock { $0.isComplete } }

    func complete() {
        state.withLock { $0.isComplete = true }
    }

    /// Puts a release's watch in the place of its earlier one.
    func update(_ watch: ReleaseWatch) {
        state.withLock { state in
            if let index = state.watches.firstIndex(where: { $0.release.version == watch.release.version }) {
                state.watches[index] = watch
            } else {
                state.watches.append(watch)
            }
        }
    }

    /// Hands an observation to the release that it is about.
    func record(_ observation: DemoObservation) {
        state.withLock { state in
            for index in state.watches.indices {
                switch observation {
                case .verdict(let verdict): _ = state.watches[index].record(verdict)
                case .action(let action): _ = state.watches[index].record(action)
                }
            }
        }
    }
}
