import Analysis
import EventFormats
import Judging
import Kafka
import LoadRig

/// Verdicts that the service did not decide: about releases that are to come and about none, the opposite of what will be
/// decided, some of them of the year 9999.
struct ForgedVerdicts: Attack {
    /// Of applications that are never released.
    private static let stranger = 1_000_000_000
    private static let perSecond = 200

    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let producer = try KafkaProducer(
            configuration: target.world.broker.configuration,
            logger: SilentLogger.make()
        )
        let topic = target.world.broker.names.verdicts
        var sent = 0
        while ContinuousClock.now < target.end, !Task.isCancelled {
            let next = target.good.count
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<target.scaled(Self.perSecond) {
                    let release = GoodRelease((number % 2 == 0 ? next : Self.stranger) + number)
                    let message = Self.message(release, isOfTheFuture: number % 3 == 0, topic: topic)
                    group.addTask { (try? await producer.send(message)) != nil }
                }
                for await isSent in group where isSent { sent += 1 }
            }
            try? await Task.sleep(for: .seconds(1))
        }
        await producer.close()
        return AttackOutcome(did: "put \(sent) forged verdicts on the topic, a third of them of the year 9999")
    }

    static func message(_ release: GoodRelease, isOfTheFuture: Bool, topic: String) -> KafkaMessage {
        let now = WallClock.now
        let event = release.event(at: now)
        let session = SessionID.make(for: event.identity)
        let verdict = Verdict(
            id: "\(session)/final",
            session: session,
            kind: .final,
            status: .completed,
            result: release.isBroken ? .pass : .fail,
            score: release.isBroken ? 100 : 0,
            reason: "Forged.",
            nextStep: "Act.",
            event: event,
            plan: SoakPlan.good.name,
            planOrigin: .directory,
            judge: "conditions",
            thresholds: Thresholds(),
            openedAt: isOfTheFuture ? Timestamp(milliseconds: 253_370_764_800_000) : now,
            decidedAt: now,
            look: 1,
            looks: 1,
            step: .seconds(1)
        )
        return SoakEvent.message(
            VerdictEvent.encode(verdict, source: World.source, reportURL: nil),
            key: release.application,
            topic: topic,
            further: [KafkaHeader(key: SeenVerdicts.forged, value: Array("1".utf8))]
        )
    }
}
