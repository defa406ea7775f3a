import Analysis
import Store

/// One run of the whole engine in a world that goes wrong, from a seed.
package struct Simulation: Sendable {
    package struct Outcome: Sendable {
        package var seed: UInt64
        /// What is wrong, in one sentence; nil when everything is as it must be.
        package var violation: String?
        /// Equal for runs that went the same way.
        package var hash: UInt64
        package var steps: Int
        package var simulated: Duration
        package var verdicts: Int
        /// The last things that happened.
        package var trace: String
    }

    package let seed: UInt64
    private let world: World
    private let nodes: [Node]

    /// `calm` leaves out everything that goes wrong; `traceLines` are kept of what happened.
    package init(seed: UInt64, calm: Bool = false, defects: Set<PlantedDefect> = [], traceLines: Int = 100) {
        self.seed = seed
        let world = World(Scenario(seed: seed, calm: calm), defects: defects, traceLines: traceLines)
        self.world = world
        let scenario = world.scenario
        nodes = (0..<scenario.replicas + scenario.controllers).map { index in
            let isReplica = index < scenario.replicas
            return Node(
                name: isReplica ? "replica-\(index)" : "rollout-\(index - scenario.replicas)",
                clockOffset: scenario.clockOffsets[index],
                world: world
            ) { incarnation in
                if isReplica {
                    await ReplicaProgram(world: world).run(incarnation)
                } else {
                    await RolloutProgram(world: world).run(incarnation)
                }
            }
        }
    }

    /// Runs to the end on the calling thread.
    package func run() -> Outcome {
        let isSettled = Shared(false)
        for node in nodes { node.start() }
        schedule(isSettled)
        let world = world
        let end = world.scheduler.run { isSettled.value || world.violation.value != nil }
        let settledAt = world.scheduler.elapsed
        if world.violation.value == nil { conclude(end) }
        let trace = world.trace.text
        finish()
        let verdicts = world.store.read { $0.verdicts.values.reduce(0) { $0 + $1.count } }
        return Outcome(
            seed: seed,
            violation: world.violation.value,
            hash: world.scheduler.hash,
            steps: world.scheduler.steps,
            simulated: settledAt,
            verdicts: verdicts,
            trace: trace
        )
    }

    private func conclude(_ end: SimulatedScheduler.End) {
        switch end {
        case .done: break
        case .stuck: return world.report("nothing can happen any more, and \(Monitor(world: world).unsettled() ?? "")")
        case .tooManySteps: return world.report("something goes round without end")
        }
        if let problem = FinalAudit(world).problem() { world.report(problem) }
        if let escape = world.scheduler.escapes.first { world.report("ran outside of the simulation: \(escape)") }
    }

    /// Ends all processes, so that nothing of the simulation is left.
    private func finish() {
        for node in nodes { node.end() }
        let nodes = nodes
        let end = world.scheduler.run { nodes.allSatisfy { $0.running == 0 } }
        if end != .done { world.report("processes do not come to an end: \(end)") }
        world.scheduler.clear()
        world.bus.clear()
    }

    // MARK: - What happens

    private func schedule(_ isSettled: Shared<Bool>) {
        let (world, scenario) = (world, world.scenario)
        for arrival in scenario.arrivals {
            world.scheduler.after(arrival.at) {
                world.trace.add("world", "publishes", arrival.event?.identity.id ?? "rubbish")
                world.bus.append(arrival.message)
            }
        }
        for trouble in scenario.troubles { world.scheduler.after(trouble.at) { begin(trouble) } }
        world.scheduler.after(scenario.pace.calm) {
            world.trace.add("world", "calm")
            world.weather.change { $0.clear() }
        }
        watch(isSettled, after: scenario.arrivals.map(\.at).max() ?? .zero)
    }

    private func watch(_ isSettled: Shared<Bool>, after delay: Duration) {
        let (world, pace) = (world, world.scenario.pace)
        world.scheduler.after(delay) {
            let monitor = Monitor(world: world)
            let elapsed = world.scheduler.elapsed
            guard let unsettled = monitor.unsettled() else {
                isSettled.change { $0 = true }
                return
            }
            // Troubles may have begun a moment before the calm.
            if elapsed > pace.calm + pace.recovery, let overdue = monitor.overdue(at: world.scheduler.now) {
                world.report("not recovered: \(overdue)")
            }
            if elapsed > pace.end { world.report("never came to rest: \(unsettled)") }
            watch(isSettled, after: pace.poll)
        }
    }

    private func begin(_ trouble: Scenario.Trouble) {
        let (world, weather) = (world, world.weather)
        switch trouble.kind {
        case .crash(let node): nodes[node].crash(for: trouble.lasting)
        case .restart(let node): nodes[node].stop()
        case .pause(let node): nodes[node].pause(for: trouble.lasting)
        case .clockJump(let node, let jump): nodes[node].clockOffset.change { $0 += jump }
        case .cut(let node, let peers):
            let name = nodes[node].name
            world.trace.add(name, "is cut off from \(peers.map(\.rawValue).sorted().joined(separator: ", "))")
            weather.change { $0.cuts[name] = peers }
            world.scheduler.after(trouble.lasting) {
                world.trace.add(name, "is connected again")
                weather.change { $0.cuts[name] = nil }
            }
        case .outage(let peer):
            world.trace.add("world", "\(peer.rawValue) is down")
            weather.change { _ = $0.down.insert(peer) }
            world.scheduler.after(trouble.lasting) {
                world.trace.add("world", "\(peer.rawValue) is up")
                weather.change { _ = $0.down.remove(peer) }
            }
        case .fullStore:
            world.trace.add("world", "the store is full")
            weather.change { $0.isStoreFull = true }
            world.scheduler.after(trouble.lasting) { weather.change { $0.isStoreFull = false } }
        case .metrics(let kind):
            world.trace.add("world", "metrics are \(kind)")
            weather.change { $0.metricsTrouble = kind }
            world.scheduler.after(trouble.lasting) { weather.change { $0.metricsTrouble = nil } }
        }
    }
}
