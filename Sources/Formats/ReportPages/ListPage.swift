package import Analysis
package import Reports

/// The page of all analyses.
package enum ListPage {
    /// What was asked for.
    package struct Filter: Sendable {
        package var application: String?
        package var environment: String?
        package var cluster: String?
        package var namespace: String?
        package var version: String?
        package var phase: AnalysisSession.Phase?

        package init(
            application: String? = nil,
            environment: String? = nil,
            cluster: String? = nil,
            namespace: String? = nil,
            version: String? = nil,
            phase: AnalysisSession.Phase? = nil
        ) {
            self.application = application
            self.environment = environment
            self.cluster = cluster
            self.namespace = namespace
            self.version = version
            self.phase = phase
        }

        var isEmpty: Bool { query.isEmpty }

        /// As a query of an address; empty without any.
        var query: [String] {
            [
                ("application", application), ("environment", environment), ("cluster", cluster),
                ("namespace", namespace), ("version", version), ("phase", phase?.rawValue),
            ].compactMap { name, value in value.map { "\(name)=\($0.pathSegment)" } }
        }
    }

    /// - Parameters:
    ///   - next: where older ones are asked for; nil on the last page.
    ///   - unanswered: deploy events that have no analysis yet.
    package static func html(
        _ rows: [ListedAnalysis],
        filter: Filter,
        next: String?,
        unanswered: Int,
        showsReasons: Bool,
        version: String
    ) -> String {
        let view = View(
            rows,
            filter: filter,
            next: next.map { address(filter, before: $0) },
            unanswered: unanswered,
            showsReasons: showsReasons
        )
        let frame = PageFrame(
            title: "Analyses",
            crumbs: [],
            // What older pages show has ended, mostly.
            isLive: true,
            stream: streamAddress(filter),
            content: PageTemplates.render(view, "list"),
            version: version
        )
        return PageTemplates.render(frame, "page")
    }

    static func address(application: String, environment: String? = nil) -> String {
        address(Filter(application: application, environment: environment), before: nil)
    }

    static func address(_ filter: Filter, before: String?) -> String {
        let query = filter.query + (before.map { ["before=\($0.pathSegment)"] } ?? [])
        return query.isEmpty ? "/" : "/?\(query.joined(separator: "&"))"
    }

    private static func streamAddress(_ filter: Filter) -> String {
        filter.isEmpty ? "/stream" : "/stream?\(filter.query.joined(separator: "&"))"
    }

    /// What the template reads.
    private struct View {
        struct Line {
            var address: String
            var application: String
            var version: String
            var environment: String
            var place: String?
            var openedAt: String
            var openedText: String
            var looks: String
            var word: String
            var sign: String
            var tone: String
            var why: String
        }

        struct Phase {
            var value: String
            var text: String
            var isChosen: Bool
        }

        var application: String
        var environment: String
        var version: String
        var phases: [Phase]
        var isFiltered: Bool
        var note: String?
        var hasRows: Bool
        var rows: [Line]
        var next: String?
        var emptyText: String

        init(_ rows: [ListedAnalysis], filter: Filter, next: String?, unanswered: Int, showsReasons: Bool) {
            application = filter.application ?? ""
            environment = filter.environment ?? ""
            version = filter.version ?? ""
            phases = AnalysisSession.Phase.allCases.map { phase in
                Phase(value: phase.rawValue, text: Self.name(of: phase), isChosen: phase == filter.phase)
            }
            isFiltered = !filter.isEmpty
            note = AnalysisTable.unanswered(unanswered)
            hasRows = !rows.isEmpty
            self.rows = rows.map { row in
                Line(
                    address: ReportPage.address(ofSession: row.id),
                    application: row.application,
                    version: row.version,
                    environment: row.environment,
                    place: row.place,
                    openedAt: row.openedAt.rfc3339,
                    openedText: row.openedAt.readable,
                    looks: row.looks,
                    word: row.word,
                    sign: row.tone.sign,
                    tone: row.tone.rawValue,
                    why: showsReasons ? row.why : ""
                )
            }
            self.next = next
            emptyText =
                filter.isEmpty
                ? "No release has been analysed yet. Send a deploy event: assay emit, POST /v1/events, or the topic."
                : "No analysis fits."
        }

        private static func name(of phase: AnalysisSession.Phase) -> String {
            switch phase {
            case .warmingUp: "warming up"
            case .sampling: "sampling"
            case .finished: "ended"
            }
        }
    }
}
