import Analysis
import EventFormats
import Judging

@testable import Demo

/// Verdicts and actions as the demo would receive them.
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
            plan: DemoPlan.name,
            judge: "sequential",
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
        held: HoldCause? = nil
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
            controlQuery: nil,
            experimentQuery: nil,
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

    static func shop(stable: String, canary: String? = nil, weight: Double = 0) -> ShopReport {
        func running(_ version: String, _ weight: Double) -> ShopReport.Running {
            ShopReport.Running(version: version, revision: "\(version)-1", weight: weight, requests: 1, errors: 0)
        }
        return ShopReport(
            stable: running(stable, 100 - weight),
            canary: canary.map { running($0, weight) },
            releases: []
        )
    }

    static func commands(_ directory: String = "/tmp/demo") -> DemoCommands {
        DemoCommands(
            executable: "/opt/assay",
            shop: "/opt/assay-demo",
            prometheus: "/usr/bin/prometheus",
            directory: DemoDirectory(path: directory),
            ports: DemoCommands.Ports(shop: 1, prometheus: 2, web: 3),
            pace: .fast,
            environment: ["PATH": "/bin", "KAFKA_BROKERS": "mine:9092", "GRAFANA_URL": "http://grafana", "X": "y"]
        )
    }
}
