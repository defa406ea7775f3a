import Analysis
import Concurrency
import HTTPTransport
import Kafka
import Rollout

/// What one rollout controller runs.
struct RolloutProgram: Sendable {
    let world: World

    /// How far the clock of a controller is off at most.
    private static let clockMargin = Duration.seconds(240)

    func run(_ incarnation: Incarnation) async {
        let (link, bus, pace) = (incarnation.link, world.bus, world.scenario.pace)
        let time = SimulatedTime(of: incarnation.process)
        let wall = WallClock(process: incarnation.process, offset: incarnation.clockOffset)
        // A controller believes no verdict of a time that is far ahead of its clock, so its own must be about right.
        let now: @Sendable () -> Timestamp = {
            let difference = min(max(incarnation.clockOffset.value, .zero - Self.clockMargin), Self.clockMargin)
            return incarnation.process.scheduler.now + difference
        }
        var configuration = RolloutConfiguration()
        configuration.retry.baseDelay = pace.unit
        configuration.retry.maximumDelay = pace.unit * 30
        configuration.actionDeadline = pace.unit * 300
        configuration.publishDeadline = pace.unit * 60
        let sink = SimulatedRolloutSink(bus: bus, link: link, topic: Topics.rollouts)
        let deadLetters = SimulatedDeadLetters(bus: bus, link: link, topic: Topics.deadLetters)
        let controller = RolloutController(
            configuration: configuration,
            source: SimulatedVerdictSource(
                GroupMember(
                    name: incarnation.name,
                    group: Topics.rolloutGroup,
                    bus: bus,
                    link: link,
                    retry: pace.unit
                ),
                reader: VerdictReader(now: now),
                deadLetters: deadLetters
            ),
            sink: sink,
            history: SimulatedRolloutHistory(bus: bus, link: link, topic: Topics.rollouts),
            actuator: SimulatedActuator(link: link, performed: world.performed),
            environment: RetryEnvironment(
                sleep: { try await time.sleep(for: $0) },
                random: incarnation.random,
                elapsed: { time.uptime() },
                unixSeconds: { wall.now().milliseconds / 1000 }
            ),
            now: now,
            executor: incarnation.process,
            logger: ReplicaProgram.silent
        )
        // A controller that gives up ends its process.
        try? await controller.run()
    }
}
