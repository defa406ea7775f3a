package import Analysis

/// One analysis of a list, or one that this version cannot read.
package struct ListedAnalysis: Sendable, Equatable {
    package var id: String
    package var application: String
    package var environment: String
    package var cluster: String?
    package var namespace: String?
    package var version: String
    package var openedAt: Timestamp
    /// `3 of 15`; empty where that is not known.
    package var looks: String
    package var word: String
    package var tone: ReportState.Tone
    package var isRunning: Bool
    package var why: String

    package init(
        id: String,
        application: String,
        environment: String,
        cluster: String?,
        namespace: String?,
        version: String,
        openedAt: Timestamp,
        looks: String,
        state: (word: String, tone: ReportState.Tone),
        isRunning: Bool,
        why: String
    ) {
        self.id = id
        self.application = application
        self.environment = environment
        self.cluster = cluster
        self.namespace = namespace
        self.version = version
        self.openedAt = openedAt
        self.looks = looks
        (word, tone) = state
        self.isRunning = isRunning
        self.why = why
    }

    package init(_ session: AnalysisSession) {
        let state = ReportState(session)
        self.init(
            id: session.id,
            application: session.event.application,
            environment: session.event.environment,
            cluster: session.event.cluster,
            namespace: session.event.namespace,
            version: session.event.version,
            openedAt: session.openedAt,
            looks: Self.looks(session.finalVerdict?.look ?? session.lastLook, of: session.schedule.count),
            state: (state.word, state.tone),
            isRunning: session.finalVerdict == nil,
            why: session.finalVerdict?.reason ?? session.hold?.reason ?? state.headline
        )
    }

    /// One that cannot be read.
    package init(
        unreadable id: String,
        application: String,
        environment: String,
        version: String,
        openedAt: Timestamp,
        why: String
    ) {
        self.init(
            id: id,
            application: application,
            environment: environment,
            cluster: nil,
            namespace: nil,
            version: version,
            openedAt: openedAt,
            looks: "",
            state: ReportState.notReadable,
            isRunning: false,
            why: why
        )
    }

    package static func looks(_ taken: Int, of count: Int) -> String { "\(taken) of \(count)" }

    /// Cluster and namespace; nil where the event names none.
    package var place: String? {
        let names = [cluster, namespace].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
