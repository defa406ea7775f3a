import Analysis
import Store

extension MemoryTables {
    func changes(after place: ChangePlace, ofSession id: String?, limit: Int) -> [SessionChange] {
        let own = id.map { sessions[$0].map { [$0] } ?? [] } ?? Array(sessions.values)
        let written = own.flatMap { row in
            zip(transitionNumbers[row.session.id] ?? [], transitions[row.session.id] ?? []).map { number, transition in
                SessionChange(number, .transition(transition), of: row.session)
            }
        }
        let done = actions.compactMap { action -> SessionChange? in
            guard id == nil || action.session == id, let row = sessions[action.session] else { return nil }
            return SessionChange(
                action.sequence,
                .action(id: action.id, source: action.source, outcome: action.outcome, at: action.at),
                of: row.session
            )
        }
        return Self.page(written, after: place.transitions, limit) + Self.page(done, after: place.actions, limit)
    }

    private static func page(_ changes: [SessionChange], after place: NumberPlace, _ limit: Int) -> [SessionChange] {
        let missing = Set(place.missing)
        let sorted = changes.sorted { $0.number < $1.number }
        return sorted.filter { missing.contains($0.number) } + sorted.filter { $0.number > place.last }.prefix(limit)
    }

    var endOfChanges: ChangePlace {
        ChangePlace(transitions: NumberPlace(end: transitionNumber), actions: NumberPlace(end: actionSequence))
    }
}

extension SessionChange {
    fileprivate init(_ number: Int64, _ what: What, of session: AnalysisSession) {
        self.init(
            number: number,
            what: what,
            session: session.id,
            application: session.event.application,
            environment: session.event.environment,
            cluster: session.event.cluster ?? "",
            namespace: session.event.namespace ?? "",
            version: session.event.version
        )
    }
}
