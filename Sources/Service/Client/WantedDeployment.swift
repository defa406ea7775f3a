package import Analysis

/// The deployment that a pipeline waits for, found among the deploy events of the topic: a verdict on an earlier
/// deployment of the same version does not answer for it.
package struct WantedDeployment: Sendable, Equatable {
    /// A deploy event, and when its record was written.
    package struct Published: Sendable, Equatable {
        package var event: DeployEvent
        /// Milliseconds since 1970; nil where the broker keeps no times.
        package var writtenAt: Int64?
        package var offset: Int64

        package init(event: DeployEvent, writtenAt: Int64?, offset: Int64) {
            self.event = event
            self.writtenAt = writtenAt
            self.offset = offset
        }
    }

    package let event: DeployEvent

    /// The newest event that is meant; nil where the topic holds none.
    ///
    /// - Throws: ``AmbiguousRelease`` where several releases fit, `EventConflict` where one id stands for two events.
    package init?(_ wanted: WantedVerdict, among published: [Published]) throws {
        let deployed = published.filter { $0.event.phase == .deployed }
            .sorted { ($0.writtenAt ?? 0, $0.offset) < ($1.writtenAt ?? 0, $1.offset) }.map(\.event)
        switch wanted {
        case .session(let id, _):
            try self.init(single: deployed.filter { SessionID.make(for: $0.identity) == id })
        case .event(let id, let source, let filter):
            let named = deployed.filter { $0.identity.id == id && (source == nil || source == $0.identity.source) }
            let sources = Set(named.map(\.identity.source))
            guard sources.count <= 1 else {
                if let ambiguity = filter.ambiguity(among: named.map(\.release)) { throw ambiguity }
                throw AmbiguousRelease(
                    description: "several sources have sent an event \(id)"
                        + " (\(sources.sorted().prefix(4).joined(separator: ", "))): name one with --source"
                )
            }
            try self.init(single: named)
        case .version(let filter):
            let fitting = deployed.filter { filter.fits($0.release, version: $0.version) }
            if let ambiguity = filter.ambiguity(among: fitting.map(\.release)) { throw ambiguity }
            guard let newest = fitting.last else { return nil }
            self.init(event: newest)
        }
    }

    private init(event: DeployEvent) { self.event = event }

    /// Of one event, which may have been sent several times.
    private init?(single events: [DeployEvent]) throws {
        guard let first = events.first else { return nil }
        for other in events.dropFirst() {
            if let conflict = other.conflict(with: first) { throw conflict }
        }
        self.init(event: first)
    }

    /// Whether the verdict is on this deployment: on its event, or on the analysis that its event went into.
    package func isAnswered(by verdict: Verdict) -> Bool {
        verdict.release == event.release && verdict.version == event.version
            && (verdict.deployEvent == event.identity || verdict.repeats?.contains(event.identity) == true)
    }
}
