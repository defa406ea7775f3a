import Analysis
import EventFormats
import Foundation
import Judging

/// Verdicts and actions.
enum Fixtures {
    static func verdict(
        version: String = "1.1.0",
        kind: VerdictKind = .final,
        status: VerdictStatus = .completed,
        result: JudgementResult = .pass,
        look: Int = 5,
        metrics: [MetricVerdict] = [],
        score: Double? = 100
    ) -> Verdict {
        let event = DeployEvent(
            identity: EventIdentity(source: "/test", id: "1"),
            application: "shop",
            environment: "demo",
            version: version
        )
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        return Verdict(
            id: "s-\(version)/\(kind == .final ? "final" : "\(look)/interim")",
            session: "s-\(version)",
            kind: kind,
            status: status,
            result: result,
            score: score,
            reason: "score 100 (pass 95, marginal 75)",
            nextStep: "look \(look + 1) of 5",
            event: event,
            plan: "shop-canary",
            judge: "NetflixACAJudge-v1.0",
            thresholds: Thresholds(),
            openedAt: start,
            decidedAt: start + .seconds(50),
            look: look,
            looks: 5,
            window: TimeWindow(start: start, end: start + .seconds(8 * look)),
            step: .seconds(1),
            metrics: metrics
        )
    }

    static func metric(
        _ name: String,
        control: Double,
        experiment: Double,
        count: Int = 8,
        classification: MetricClassification = .pass,
        reason: String? = nil,
        critical: Bool = false,
        muted: Bool = false,
        held: HoldCause? = nil,
        query: String? = nil
    ) -> MetricVerdict {
        func side(_ mean: Double) -> SampleStatistics {
            SampleStatistics(count: count, mean: mean, standardDeviation: 0, minimum: mean, maximum: mean)
        }
        return MetricVerdict(
            judgement: MetricJudgement(
                name: name,
                groups: [],
                classification: classification,
                reason: reason.map { MetricReason($0) },
                criticalFailure: critical,
                muted: muted,
                control: side(control),
                experiment: side(experiment),
                ratio: experiment / control
            ),
            controlQuery: query,
            experimentQuery: query,
            held: held,
            warnings: []
        )
    }

    static func action(
        _ verdict: Verdict,
        _ kind: RolloutAction.Kind,
        outcome: RolloutAction.Outcome = .done
    ) -> RolloutAction {
        RolloutAction(
            verdict: verdict,
            action: kind,
            outcome: outcome,
            actuator: "webhook",
            reason: "The result is known.",
            detail: "The webhook answered with status 200.",
            at: verdict.decidedAt
        )
    }

    /// A documented example.
    static func example(_ name: String) throws -> Verdict {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let bytes = [UInt8](
            try Data(contentsOf: root.appendingPathComponent("docs/events/examples/verdict-kayenta-\(name).json"))
        )
        let type = EventHeader("content-type", "application/cloudevents+json")
        return try VerdictEvent.decode(try CloudEventKafkaBinding.decode(value: bytes, headers: [type]))
    }
}
