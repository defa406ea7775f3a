/// Shares a claim out where more sessions are due than it takes: between event sources, and within a source between
/// applications, each by due time. What is left over goes to the sessions that have been due for longest.
///
/// The value is told what a store has found, and says what the store has to look for next. How much a store reads for a
/// claim depends on the claim's size alone, however many sessions of a source or an application are due.
package struct FairTurns: Sendable {
    /// Sessions of an event source, or of one application of it: the oldest ones that are due.
    package struct Share: Sendable, Equatable {
        package var source: String
        /// Nil for all of the source.
        package var application: String?
        package var sessions: Int
    }

    /// Applications of an event source, in the order of their names: those behind `place`, and then from the beginning up to
    /// it.
    package struct Search: Sendable, Equatable {
        package var source: String
        package var place: String
        package var visits: Int
    }

    fileprivate struct SourceTurns {
        var source: String
        /// Of the claim; known once the sessions of all sources are.
        var sessions = 0
        var due: [TurnCandidate] = []
    }

    /// The most sessions that the claim takes.
    package let limit: Int
    /// Where the next claim goes on.
    package private(set) var place: TurnPlace
    private var sources: [SourceTurns] = []
    private var share = 0

    package init(limit: Int, place: TurnPlace) {
        self.limit = limit
        self.place = place
    }

    /// The most event sources, and the most applications, that are looked at.
    package var visits: Int { max(64, limit * 4) }

    /// The sources behind the place, and then from the beginning up to it. Returns what to read of each that has turns.
    package mutating func visited(sources visited: [VisitedGroup]) -> [Share] {
        for group in visited where sources.count < limit {
            place.source = group.name
            if group.isDue { sources.append(SourceTurns(source: group.name)) }
        }
        guard !sources.isEmpty else { return [] }
        // More than its turns, so that a source can use those that others leave.
        share = max(1, min(limit * 2, limit * 4 / sources.count))
        return sources.map { Share(source: $0.source, sessions: share) }
    }

    /// The oldest due sessions of the sources. Returns where applications must be looked for: in a source where one
    /// has several of the oldest sessions, and so may hide others.
    package mutating func found(_ due: [TurnCandidate]) -> [Search] {
        let bySource = Dictionary(grouping: due, by: \.source)
        for index in sources.indices { sources[index].due = bySource[sources[index].source] ?? [] }
        var left = limit
        while left > 0, sources.contains(where: \.wantsMore) {
            for index in sources.indices where left > 0 && sources[index].wantsMore {
                sources[index].sessions += 1
                left -= 1
            }
        }
        let narrow = sources.filter { source in
            source.due.count == share && Set(source.due.map(\.application)).count < share
        }
        return narrow.map { source in
            Search(
                source: source.source,
                place: place.applications[source.source] ?? "",
                visits: max(16, visits / narrow.count)
            )
        }
    }

    /// The applications that were looked at in a source. Returns what to read of each that has turns.
    package mutating func visited(applications visited: [VisitedGroup], of search: Search) -> [Share] {
        let sessions = sources.first { $0.source == search.source }?.sessions ?? 0
        var last = search.place
        var due: [String] = []
        for group in visited where due.count < sessions {
            last = group.name
            if group.isDue { due.append(group.name) }
        }
        place.move(to: last, in: search.source)
        return due.map {
            Share(source: search.source, application: $0, sessions: max(1, sessions / due.count))
        }
    }

    /// The oldest due sessions of applications.
    package mutating func found(ofApplications due: [TurnCandidate]) {
        let bySource = Dictionary(grouping: due, by: \.source)
        for index in sources.indices {
            guard let found = bySource[sources[index].source] else { continue }
            let known = Set(found.map(\.id))
            sources[index].due = found + sources[index].due.filter { !known.contains($0.id) }
        }
    }

    /// The sessions that have turns; the rest of the claim goes by due time.
    package var sessions: [String] {
        sources.flatMap { source in source.turns.prefix(source.sessions).map(\.id) }
    }
}

extension FairTurns.SourceTurns {
    fileprivate var wantsMore: Bool { sessions < due.count }

    /// One of each application, then a second one of each, and so on.
    fileprivate var turns: [TurnCandidate] {
        var rounds: [[TurnCandidate]] = []
        var taken: [String: Int] = [:]
        for session in due {
            let round = taken[session.application, default: 0]
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(session)
            taken[session.application] = round + 1
        }
        return rounds.flatMap { $0 }
    }
}
