import Analysis
import EventFormats
import Judging
import Kafka

@testable import Rollout

enum Fixture {
    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    static func verdict(
        _ id: String = "v1",
        session: String = "s1",
        kind: VerdictKind = .final,
        status: VerdictStatus = .completed,
        result: JudgementResult = .pass,
        hold: Hold? = nil,
        application: String = "shop",
        environment: String = "production",
        namespace: String? = nil,
        cluster: String? = nil,
        version: String = "1.1",
        imageDigest: String? = nil,
        revision: String? = "abc123",
        workload: String? = nil,
        weight: Double? = nil,
        opened: Int64 = 0,
        decided: Int64? = nil
    ) -> Verdict {
        Verdict(
            id: id,
            session: session,
            kind: kind,
            status: status,
            result: result,
            score: 97,
            reason: "All metrics are within their limits.",
            nextStep: "Nothing.",
            hold: hold,
            event: DeployEvent(
                identity: EventIdentity(source: "/pipeline", id: "deploy-\(session)"),
                application: application,
                environment: environment,
                namespace: namespace,
                cluster: cluster,
                version: version,
                imageDigest: imageDigest,
                revision: revision,
                workload: workload,
                weight: weight
            ),
            plan: "default",
            judge: "sequential",
            thresholds: Thresholds(pass: 95, marginal: 75),
            openedAt: start + .seconds(opened),
            decidedAt: start + .seconds(decided ?? opened + 60),
            look: 1,
            looks: 10,
            step: .seconds(10)
        )
    }

    static func event(_ verdict: Verdict, source: String = "/assay") -> CloudEvent {
        VerdictEvent.encode(verdict, source: source, reportURL: nil)
    }

    static func record(_ verdict: Verdict, partition: Int32 = 0, offset: Int64 = 0) -> KafkaRecord {
        record(event(verdict), key: verdict.application, partition: partition, offset: offset)
    }

    static func record(
        _ event: CloudEvent,
        key: String = "shop",
        partition: Int32 = 0,
        offset: Int64 = 0
    ) -> KafkaRecord {
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaRecord(
            topic: "canary.verdicts",
            partition: partition,
            offset: offset,
            key: Array(key.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }

    static func action(_ kind: ActionKind = .promote, _ verdict: Verdict = verdict()) -> PlannedAction {
        PlannedAction(kind: kind, reason: "The result is \(verdict.result.rawValue).", verdict: verdict)
    }

    static func rolloutAction(_ event: CloudEvent) throws -> RolloutAction { try RolloutEvent.decode(event) }

    static func rolloutAction(_ record: KafkaRecord) throws -> RolloutAction {
        try RolloutEvent.decode(try record.event())
    }
}
