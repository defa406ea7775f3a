/// A session that is due, with what its turn goes by.
package struct TurnCandidate: Sendable, Equatable {
    package var id: String
    /// Of the event that opened it; empty where a process of version 0.1.0 has opened it.
    package var source: String
    package var application: String

    package init(id: String, source: String, application: String) {
        self.id = id
        self.source = source
        self.application = application
    }
}

/// An event source, or an application of one, that has unfinished sessions.
package struct VisitedGroup: Sendable, Equatable {
    package var name: String
    /// One of its sessions can be claimed now.
    package var isDue: Bool

    package init(name: String, isDue: Bool) {
        self.name = name
        self.isDue = isDue
    }
}
