import Analysis
import Store

extension MemoryTables {
    /// What can be claimed now, by due time.
    func dueSessions(at now: Timestamp) -> [TurnCandidate] {
        var due: [(wakeAt: Timestamp, session: TurnCandidate)] = []
        for id in unfinished {
            guard let row = sessions[id], row.problem == nil, let wakeAt = row.session.wakeAt, wakeAt <= now
            else { continue }
            if let until = row.leaseUntil, until > now { continue }
            let event = row.session.event
            due.append(
                (wakeAt, TurnCandidate(id: id, source: event.identity.source, application: event.application))
            )
        }
        return due.sorted { ($0.wakeAt, $0.session.id) < ($1.wakeAt, $1.session.id) }.map(\.session)
    }

    /// `due` are all sessions that can be claimed.
    func share(_ turns: inout FairTurns, _ due: [TurnCandidate]) {
        share(&turns, due, of: unfinished.compactMap { sessions[$0]?.session.event.identity.source })
    }

    /// `sources` are those that are looked at, with work or without.
    func share(_ turns: inout FairTurns, _ due: [TurnCandidate], of sources: [String]) {
        func sessions(_ share: FairTurns.Share) -> ArraySlice<TurnCandidate> {
            due.filter { $0.source == share.source && $0.application == share.application ?? $0.application }
                .prefix(share.sessions)
        }
        let events = unfinished.compactMap { self.sessions[$0]?.session.event }
        let visited = groups(
            sources,
            due.map(\.source),
            behind: turns.place.source,
            atMost: turns.visits
        )
        let shares = turns.visited(sources: visited)
        for search in turns.found(shares.flatMap(sessions)) {
            let applications = groups(
                events.filter { $0.identity.source == search.source }.map(\.application),
                due.filter { $0.source == search.source }.map(\.application),
                behind: search.place,
                atMost: search.visits
            )
            turns.found(ofApplications: turns.visited(applications: applications, of: search).flatMap(sessions))
        }
    }

    func groups(
        _ names: [String],
        _ due: [String],
        behind place: String,
        atMost visits: Int
    ) -> [VisitedGroup] {
        let sorted = Set(names).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        let isBehind = { (name: String) in Array(place.utf8).lexicographicallyPrecedes(Array(name.utf8)) }
        let ordered = sorted.filter(isBehind) + sorted.filter { !isBehind($0) }
        let dueNames = Set(due)
        return ordered.prefix(visits).map { VisitedGroup(name: $0, isDue: dueNames.contains($0)) }
    }
}
