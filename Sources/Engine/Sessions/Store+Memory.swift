import Analysis
import Judging
import Store

extension Store {
    /// What the judge of a session needs of all that came before. Throws `.corrupt` where a state cannot be read.
    func memory(of session: AnalysisSession) async throws(StoreError) -> SessionMemory {
        if case .samples(var history) = SessionMemory.empty(for: session) {
            for block in try await samples(ofSession: session.id) { history.merge(block) }
            return .samples(history)
        }
        var states: [Int: SequentialState] = [:]
        for stored in try await self.states(ofSession: session.id) {
            do throws(SequentialStateError) {
                states[stored.metric] = try SequentialState(decoding: stored.bytes)
            } catch {
                throw StoreError(.corrupt, "metric \(stored.metric) of \(session.id): \(error)")
            }
        }
        return .states(states)
    }
}

extension AnalysisRecords {
    /// - Parameter time: analyses that were opened later are not asked for.
    func unlearnedTimes(
        for session: AnalysisSession,
        before time: Timestamp? = nil
    ) async throws(StoreError) -> UnlearnedTimes {
        let event = session.event
        let earlier = try await sessions(
            SessionQuery(
                application: event.application,
                environment: event.environment,
                cluster: event.cluster,
                namespace: event.namespace,
                after: time.map { SessionCursor(openedAt: $0, id: "\u{10FFFF}") },
                limit: 50
            )
        ).compactMap(\.session).filter { $0.id != session.id }
        return UnlearnedTimes(before: session, earlier)
    }
}
