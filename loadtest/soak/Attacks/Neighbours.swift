import Analysis
import Kafka
import LoadRig
import Processes

/// The reader of the service's log reads nothing, while everything is done that causes lines.
struct StalledLog: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        target.world.log.setStalled(true)
        defer { target.world.log.setStalled(false) }
        let topic = target.world.broker.names.deployEvents
        let guess = RequestFlood.request("GET", "/v1/sessions", headers: [("Authorization", "Bearer a-wrong-one")])
        async let guessed = RequestFlood(connections: 8, port: try target.port(), requests: [guess])
            .run(until: target.end)
        let producer = RecordFlood(target.world.broker)
        var sent = 0
        while ContinuousClock.now < target.end, !Task.isCancelled {
            sent += try await producer.send(target.scaled(500), until: target.end) { _ in
                KafkaMessage(topic: topic, key: Array("k".utf8), value: Array("no event".utf8))
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
        let outcome = try await guessed
        return AttackOutcome(
            did: "read no line of the log, and sent \(sent) records and \(outcome.answers) requests that cause some",
            refused: outcome.refused
        )
    }
}

/// The metrics back end answers releases of one source with 30 MB, or without an end.
struct LargeAnswers: Attack {
    var plan: SoakPlan

    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let topic = target.world.broker.names.deployEvents
        let producer = RecordFlood(target.world.broker)
        var sent = 0
        while ContinuousClock.now < target.end, !Task.isCancelled {
            let number = sent
            sent += try await producer.send(target.scaled(5), until: target.end) {
                SoakEvent.message(SoakEvent.make("\(plan.applications)\(number + $0)"), topic: topic)
            }
            try? await Task.sleep(for: .seconds(2))
        }
        let size = plan.name == SoakPlan.large.name ? "with 30 MB" : "without an end"
        return AttackOutcome(did: "had \(sent) releases whose \(2 * plan.metrics) queries are answered \(size)")
    }
}

/// Callers with the token who read large sessions and verdicts: some as fast as they can, some not at all.
struct SessionReaders: Attack {
    private static let sessions = 2

    private static var events: [(application: String, id: String)] {
        (1...sessions).map {
            let event = SoakEvent.make("\(SoakPlan.big.applications)\($0)")
            return (event.application, SessionID.make(for: event.identity))
        }
    }

    func prepare(_ target: AttackTarget) async throws {
        let topic = target.world.broker.names.deployEvents
        let events = Self.events
        let end = ContinuousClock.now + .seconds(30)
        let sent = try await RecordFlood(target.world.broker).send(events.count, until: end) {
            SoakEvent.message(SoakEvent.make(events[$0].application), topic: topic)
        }
        guard sent == events.count else { throw AttackFailure("the broker took \(sent) of \(events.count) events") }
        try await Waiting.until("the large sessions have ended", atMost: .seconds(120)) {
            events.allSatisfy { target.verdicts.hasFinal($0.id) }
        }
    }

    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let headers = [(name: "Authorization", value: "Bearer \(target.world.token)")]
        let paths = Self.events.map { "/v1/sessions/\($0.id)" } + ["/v1/verdicts", "/v1/sessions?limit=200"]
        let requests = paths.map { RequestFlood.request("GET", $0, headers: headers) }
        let fast = RequestFlood(connections: target.scaled(8), port: try target.port(), requests: requests)
        let slow = SocketHerd(
            count: target.scaled(40),
            port: try target.port(),
            greeting: requests[0],
            reads: false
        )
        async let read = fast.run(until: target.end)
        async let held = slow.hold(until: target.end)
        let (outcome, herd) = await (read, held)
        return AttackOutcome(
            did: "read sessions of \(SoakPlan.big.metrics) metrics and verdicts over \(fast.connections) connections"
                + " (\(outcome.text)), and over \(slow.count) that do not read what they asked for",
            refused: outcome.refused + herd.closed
        )
    }
}
