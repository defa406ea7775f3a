package import Analysis
package import EventFormats
package import Store
import StoredFormats

/// Keeps what rollout controllers did, whatever door it came through, and tells dashboards of it in the same transaction.
package struct ActionKeeper: Sendable {
    private let store: any Store
    private let composer: OutboxComposer
    private let clock: any EngineClock
    private let outbox: OutboxSignals

    package init(
        store: any Store,
        composer: OutboxComposer,
        clock: any EngineClock,
        outbox: OutboxSignals
    ) {
        self.store = store
        self.composer = composer
        self.clock = clock
        self.outbox = outbox
    }

    /// The same action again changes nothing. Nil for one that is larger than what is kept.
    package func keep(_ action: RolloutAction, from event: CloudEvent) async throws(StoreError) -> RecordedAction? {
        let stored = StoredAction(
            id: action.id,
            source: event.source,
            session: action.session,
            outcome: action.outcome.rawValue,
            at: action.at,
            event: CloudEventHTTPBinding.structured(event).body
        )
        guard !stored.isTooLarge else { return nil }
        let messages = try await messages(about: action, of: event.source)
        let recorded = try await store.add(stored, with: messages)
        if recorded == .stored, !messages.isEmpty { outbox.signal() }
        return recorded
    }

    private func messages(about action: RolloutAction, of source: String) async throws(StoreError) -> [OutboxMessage] {
        guard composer.tellsActions,
            let session = try await store.listedSession(id: String(action.session.prefix(128)))?.session
        else { return [] }
        do throws(FormError) {
            return try composer.performed(action, by: source, on: session, at: clock.now())
        } catch {
            throw StoreError(error)
        }
    }
}
