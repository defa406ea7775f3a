import Analysis
import EventFormats
import Kafka
import Logging
import Testing

@testable import Rollout

/// A controller over fakes, running.
struct Harness {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let source: FakeSource
    let sink: FakeSink
    let actuator: FakeActuator
    let time: TestTime
    let statistics = RolloutStatistics()
    let controller: RolloutController
    private let running: Task<Void, any Error>

    init(
        configuration: RolloutConfiguration = RolloutConfiguration(),
        actuator: FakeActuator = FakeActuator(),
        sink: FakeSink = FakeSink(),
        history: FakeHistory? = nil,
        time: TestTime = TestTime(),
        reader: VerdictReader? = nil,
        now: @escaping @Sendable () -> Timestamp = { Fixture.start }
    ) {
        source = FakeSource(reader: reader ?? VerdictReader(now: now))
        self.sink = sink
        self.actuator = actuator
        self.time = time
        let controller = RolloutController(
            configuration: configuration,
            source: source,
            sink: sink,
            history: history,
            actuator: actuator,
            environment: time.environment,
            now: now,
            observer: statistics.observer,
            logger: Self.silent
        )
        self.controller = controller
        running = Task { try await controller.run() }
    }

    /// Waits for the controller's end.
    func end() async throws { try await running.value }

    func cancel() { running.cancel() }

    /// Ends the topic and waits until everything is done.
    func finish() async throws {
        source.end()
        try await end()
    }

    func actions() throws -> [String] {
        try sink.sent.all.map {
            let action = try Fixture.rolloutAction($0)
            return "\(action.verdictID) \(action.action.rawValue) \(action.outcome.rawValue)"
        }
    }
}
