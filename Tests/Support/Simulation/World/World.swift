import Analysis
import Rollout
import SeededRandom
import Store

/// Everything outside of the processes of a simulation.
final class World: Sendable {
    let scenario: Scenario
    let defects: Set<PlantedDefect>
    let scheduler: SimulatedScheduler
    let trace: Trace
    let weather: Shared<Weather>
    let store: MemoryStore
    let bus: MemoryBus
    let series: SampleSource
    let storeAuditor: StoreAuditor
    let stateAuditor: StateAuditor
    let topicAuditor: VerdictTopicAuditor
    /// Ids of what the webhook's receiver got, in order.
    let posted = Shared<[String]>([])
    let performed = Shared<[PlannedAction]>([])
    let violation: Shared<String?>

    init(_ scenario: Scenario, defects: Set<PlantedDefect>, traceLines: Int) {
        var generator = SeededGenerator(seed: ~scenario.seed)
        let scheduler = SimulatedScheduler(generator: generator.split(), start: Scenario.start)
        let violation = Shared<String?>(nil)
        let report: @Sendable (String) -> Void = { text in violation.change { $0 = $0 ?? text } }
        let pace = scenario.pace
        self.scenario = scenario
        self.defects = defects
        self.scheduler = scheduler
        self.violation = violation
        trace = Trace(of: scheduler, capacity: max(1, traceLines))
        weather = Shared(scenario.weather)
        store = MemoryStore(defects: defects) { scheduler.now }
        bus = MemoryBus(
            scheduler: scheduler,
            sessionTimeout: pace.groupTimeout,
            transactionTimeout: pace.transactionTimeout
        )
        series = SampleSource(
            seed: scenario.seed,
            failing: scenario.failing,
            lateness: pace.lateness,
            hasLateSamples: scenario.hasLateSamples
        )
        stateAuditor = StateAuditor(source: series, time: { scheduler.now }, report: report)
        storeAuditor = StoreAuditor(time: { scheduler.now }, report: report)
        topicAuditor = VerdictTopicAuditor(store: store, report: report)
        bus.add(topic: Topics.deploys, partitions: scenario.partitions)
        bus.add(topic: Topics.verdicts, partitions: scenario.partitions)
        bus.add(topic: Topics.deadLetters, partitions: 1)
        bus.add(topic: Topics.rollouts, partitions: 1)
        bus.add(group: Topics.intakeGroup, of: Topics.deploys)
        bus.add(group: Topics.rolloutGroup, of: Topics.verdicts)
        bus.watch(Topics.verdicts) { [topicAuditor] in topicAuditor.shown($0) }
    }

    func report(_ text: String) {
        violation.change { $0 = $0 ?? text }
    }

    /// A generator for one process; it does not depend on what others have drawn.
    func generator(for name: String) -> SeededGenerator {
        var hash = scenario.seed
        for byte in name.utf8 { hash = SeededGenerator.mix(hash &+ UInt64(byte)) }
        return SeededGenerator(seed: hash)
    }
}
