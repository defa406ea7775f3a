import Analysis
package import Concurrency
package import Logging
package import Store
import Telemetry

/// The one way in: envelopes of every door are read, checked, written into the inbox and counted here, and by the
/// same rules.
package struct Intake: Sendable {
    private let reader: EnvelopeReader
    private let planThread: SerialThread?
    private let store: any Store
    private let backpressure: IntakeBackpressure
    private let work: WakeSignal
    private let metrics: EngineMetrics
    private let logger: Logger

    /// - Parameter planThread: where plans of events are read; nil reads them where the caller is.
    package init(
        reader: EnvelopeReader,
        planThread: SerialThread? = nil,
        store: any Store,
        backpressure: IntakeBackpressure = IntakeBackpressure(),
        work: WakeSignal,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        self.reader = reader
        self.planThread = planThread
        self.store = store
        self.backpressure = backpressure
        self.work = work
        self.metrics = metrics
        self.logger = logger
    }

    /// Why nothing is taken in for the time being; nil when it is.
    package var closed: String? { backpressure.closed }

    /// Takes envelopes in, all in one transaction: an outcome for each, in order. Once it returns, what was accepted is
    /// durable. When it throws, nothing was taken in, unless the error is the store's and says `.unknown`; the same
    /// envelopes can be handed in again.
    ///
    /// - Throws: ``IntakeClosed``, `StoreError`.
    package func receive(_ envelopes: [Envelope]) async throws -> [IntakeOutcome] {
        if let reason = backpressure.closed { throw IntakeClosed(reason: reason) }
        var readings: [EnvelopeReader.Reading] = []
        for envelope in envelopes { readings.append(admitted(await read(envelope), at: envelope.door)) }
        var received: [ReceivedEvent] = []
        var changes: [KnownChange] = []
        for (envelope, reading) in zip(envelopes, readings) {
            switch reading {
            case .deploy(let event, let plan):
                received.append(
                    ReceivedEvent(
                        event: event,
                        receivedAt: envelope.receivedAt,
                        plan: plan,
                        original: envelope.original
                    )
                )
            case .change(let event): changes.append(KnownChange(event, receivedAt: envelope.receivedAt))
            case .unused, .malformed: break
            }
        }
        // Those that are kept and decide nothing come first: where the others are not taken in then, they are kept once.
        var kept = changes.isEmpty ? [] : try await store.keepChanges(changes)[...]
        var stored = received.isEmpty ? [] : try await store.receive(received)[...]
        guard stored.count == received.count, kept.count == changes.count else {
            throw StoreError(.unknown, "not every event has an outcome")
        }
        let outcomes = readings.map { reading in
            switch reading {
            case .unused(let reason): return IntakeOutcome.ignored(reason: reason)
            case .malformed(let refusal): return .refused(refusal)
            case .deploy(let event, _):
                return Self.outcome(opening: SessionID.make(for: event.identity), stored.removeFirst())
            case .change: return Self.outcome(opening: nil, kept.removeFirst())
            }
        }
        for (envelope, outcome) in zip(envelopes, outcomes) { record(outcome, of: envelope) }
        if !received.isEmpty { work.signal() }
        return outcomes
    }

    private func admitted(_ reading: EnvelopeReader.Reading, at door: Door) -> EnvelopeReader.Reading {
        guard case .deploy(let event, _) = reading, let refusal = backpressure.refusal(of: event, door: door)
        else { return reading }
        return .malformed(refusal)
    }

    private func read(_ envelope: Envelope) async -> EnvelopeReader.Reading {
        guard let planThread else { return reader.read(envelope) }
        return await reader.read(envelope, plansOn: planThread)
    }

    /// Counts what a door did not even read to its end.
    package func recordOversize(door: Door) { metrics.eventsReceived.add(1, door.rawValue, "malformed") }

    private static func outcome(opening session: String?, _ stored: InboxOutcome) -> IntakeOutcome {
        switch stored {
        case .accepted: .accepted(session: session)
        case .duplicate: .duplicate(session: session)
        case .conflict(let conflict):
            .refused(IntakeRefusal(reason: IntakeRefusal.idOfAnotherEvent, message: conflict.description))
        }
    }

    private func record(_ outcome: IntakeOutcome, of envelope: Envelope) {
        metrics.eventsReceived.add(1, envelope.door.rawValue, outcome.name)
        // Any sender can send what is malformed, but an id that is used twice is a mistake of a pipeline.
        guard case .refused(let refusal) = outcome, refusal.reason == IntakeRefusal.idOfAnotherEvent else { return }
        logger.warning(
            "event refused: its id is that of another event",
            metadata: ["door": "\(envelope.door.rawValue)", "error": "\(refusal.message)"]
        )
    }
}
