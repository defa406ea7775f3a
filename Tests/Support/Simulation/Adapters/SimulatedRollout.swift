import Analysis
import EventFormats
import Kafka
import Rollout
import Synchronization

/// The verdict topic as one rollout controller reads it.
final class SimulatedVerdictSource: VerdictSource {
    private let member: GroupMember
    private let reader: VerdictReader
    private let deadLetters: any DeadLetters
    private let waiting = Mutex<[VerdictDelivery]>([])

    init(_ member: GroupMember, reader: VerdictReader, deadLetters: any DeadLetters) {
        self.member = member
        self.reader = reader
        self.deadLetters = deadLetters
    }

    func next() async throws -> VerdictDelivery? {
        if let delivery = waiting.withLock({ $0.popLast() }) { return delivery }
        guard let records = await member.next() else {
            try Task.checkCancellation()
            return nil
        }
        let deliveries = VerdictDelivery.all(of: records, reader: reader, deadLetters: deadLetters) { [member] record in
            member.finish([record])
        }
        return waiting.withLock { waiting in
            waiting = deliveries.reversed()
            return waiting.popLast()
        }
    }

    func pause() { member.setPaused(true) }
    func resume() { member.setPaused(false) }
    func close() async { await member.close() }
}

/// Where rollout events go: at least once.
struct SimulatedRolloutSink: RolloutSink {
    let bus: MemoryBus
    let link: Link
    let topic: String

    func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {
        try await send(KafkaRolloutSink.message(event, of: release, topic: topic))
    }

    func send(_ message: KafkaMessage) async throws {
        do throws(LinkFailure) {
            try await link.call("send rollout", to: .bus) { [bus] in _ = bus.append(message) }
        } catch {
            throw KafkaError.passing("no broker: \(error)")
        }
    }
}

/// The rollouts topic as it is at the start of reading.
struct SimulatedRolloutHistory: RolloutHistory {
    let bus: MemoryBus
    let link: Link
    let topic: String

    func read(_ body: (CloudEvent?) -> Void) async throws {
        let records = try await link.call("read rollouts", to: .bus) { [bus, topic] in bus.topic(topic).allCommitted }
        for record in records { body(try? record.event()) }
    }
}

/// What delivers releases: puts on record what it was asked for.
struct SimulatedActuator: Actuator {
    let name = "simulated"
    let link: Link
    let performed: Shared<[PlannedAction]>

    func handles(_ kind: ActionKind) -> Bool { kind.changesRelease }

    func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome {
        do throws(LinkFailure) {
            return try await link.call("act", to: .outside) { [performed] in
                performed.change { performed in
                    let isRepeat = performed.contains { $0.verdict.id == action.verdict.id && $0.kind == action.kind }
                    performed.append(action)
                    return isRepeat ? .alreadyDone("Done before.") : .done("Done.")
                }
            }
        } catch {
            throw ActuatorError(.transient, "no answer: \(error)")
        }
    }
}
