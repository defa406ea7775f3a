import Analysis
import Kafka
import LoadRig

/// Events with plans of their own: some that cost more than a plan may, which are refused, and some that cost as much as
/// it may.
struct CostlyPlans: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let topic = target.world.broker.names.deployEvents
        let huge = Self.yaml(metrics: 500, interval: "3h", lifetime: "3h")
        let largest = Self.yaml(metrics: 80, interval: "3s", lifetime: "5m")
        let request = PlanRequest.make("costly-http", huge, token: target.world.token)
        async let overHTTP = RequestFlood(connections: 1, port: try target.port(), requests: [request])
            .run(until: target.end)
        // As old as an event may be, so that the last look is due at once.
        let begin = WallClock.now - .seconds(3600)
        let producer = RecordFlood(target.world.broker)
        var (refused, largestSent) = (0, 0)
        for number in 0... {
            guard ContinuousClock.now < target.end, !Task.isCancelled else { break }
            let events = [("costly-\(number)", huge), ("largest-\(number)", largest)].map {
                SoakEvent.make($0.0, at: begin, inlinePlan: $0.1)
            }
            _ = try await producer.send(2, until: target.end) { SoakEvent.message(events[$0], topic: topic) }
            refused += 1
            largestSent += 1
            try? await Task.sleep(for: .seconds(1))
        }
        let outcome = try await overHTTP
        return AttackOutcome(
            did: "sent \(refused) plans of 500 metrics over Kafka, and over HTTP as often as they were answered"
                + " (\(outcome.text)); \(largestSent) as large as one may be",
            refused: outcome.refused
        )
    }

    private static func yaml(metrics: Int, interval: String, lifetime: String) -> String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: costly
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        judge: conditions
        schedule: {step: 1s, interval: \(interval), lifetime: \(lifetime), delay: 0s, deadline: 10s}
        metrics:
        \((0..<metrics).map { SoakPlan.metric("soak_costly_\($0)") }.joined(separator: "\n"))

        """
    }
}

/// Events with plans full of mistakes, each of which wants to be told.
struct WrongPlans: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let topic = target.world.broker.names.deployEvents
        // Each is misspelt and alone in its line; the text of an event has 262,144 bytes at most.
        let lines = (0..<target.scaled(16_000)).map { "metrix\($0): 1" }
        let plan = lines.joined(separator: "\n")
        let request = PlanRequest.make("wrong-http", plan, token: target.world.token)
        async let overHTTP = RequestFlood(connections: 4, port: try target.port(), requests: [request])
            .run(until: target.end)
        let producer = RecordFlood(target.world.broker)
        var sent = 0
        while ContinuousClock.now < target.end, !Task.isCancelled {
            let number = sent
            sent += try await producer.send(5, until: target.end) {
                SoakEvent.message(SoakEvent.make("wrong-\(number + $0)", inlinePlan: plan), topic: topic)
            }
            try? await Task.sleep(for: .seconds(1))
        }
        let outcome = try await overHTTP
        return AttackOutcome(
            did: "sent \(sent) plans with \(lines.count) mistakes over Kafka, and over HTTP as often as they were"
                + " answered (\(outcome.text))",
            refused: outcome.refused
        )
    }
}

/// An event with a plan of its own, as a caller with the token sends it.
private enum PlanRequest {
    static func make(_ application: String, _ plan: String, token: String) -> [UInt8] {
        let (headers, body) = SoakEvent.request(SoakEvent.make(application, inlinePlan: plan))
        return RequestFlood.request(
            "POST",
            "/v1/events",
            headers: headers + [("Authorization", "Bearer \(token)")],
            body: body
        )
    }
}
