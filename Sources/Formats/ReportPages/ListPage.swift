package import Analysis
package import Judging
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
        package var result: JudgementResult?
        /// As it was given: a time, or how long ago.
        package var since: String?

        package init(
            application: String? = nil,
            environment: String? = nil,
            cluster: String? = nil,
            namespace: String? = nil,
            version: String? = nil,
            phase: AnalysisSession.Phase? = nil,
            result: JudgementResult? = nil,
            since: String? = nil
        ) {
            self.application = application
            self.environment = environment
            self.cluster = cluster
            self.namespace = namespace
            self.version = version
            self.phase = phase
            self.result = result
            self.since = since
        }

        var isEmpty: Bool { query.isEmpty }

        /// As a query of an address; empty without any.
        var query: [String] { Self.query(streamed + [("result", result?.rawValue), ("since", since)]) }

        /// The same of those that streams know.
        var streamQuery: [String] { Self.query(streamed) }

        private var streamed: [(String, String?)] {
            [
                ("application", application), ("environment", environment), ("cluster", cluster),
                ("namespace", namespace), ("version", version), ("phase", phase?.rawValue),
            ]
        }

        private static func query(_ values: [(String, String?)]) -> [String] {
            values.compactMap { name, value in value.map { "\(name)=\($0.pathSegment)" } }
        }
    }

    /// - Parameters:
    ///   - running: analyses that have not ended, of all applications.
    ///   - next: where older ones are asked for; nil on the last page.
    ///   - unanswered: deploy events that have no analysis yet.
    package static func html(
        _ rows: [ListedAnalysis],
        filter: Filter,
        running: [AnalysisSession.Phase: Int] = [:],
        next: String?,
        unanswered: Int,
        showsReasons: Bool,
        version: String
    ) -> String {
        let view = View(
            rows,
            filter: filter,
            running: running,
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

    /// Its analyses, as a list.
    static func address(application: String, environment: String? = nil) -> String {
        address(Filter(application: application, environment: environment), before: nil)
    }

    static func address(_ filter: Filter, before: String?) -> String {
        let query = filter.query + (before.map { ["before=\($0.pathSegment)"] } ?? [])
        return query.isEmpty ? "/" : "/?\(query.joined(separator: "&"))"
    }

    static func streamAddress(_ filter: Filter) -> String {
        let query = filter.streamQuery
        return query.isEmpty ? "/stream" : "/stream?\(query.joined(separator: "&"))"
    }

    /// What the template reads.
    private struct View {
        struct Line {
            var address: String
            var application: String
            var applicationAddress: String
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

        struct Choice {
            var value: String
            var text: String
            var isChosen: Bool
        }

        var application: String
        var environment: String
        var version: String
        var phases: [Choice]
        var results: [Choice]
        var times: [Choice]
        var counts: String
        var isFiltered: Bool
        var note: String?
        var hasRows: Bool
        var rows: [Line]
        var next: String?
        var emptyText: String

        init(
            _ rows: [ListedAnalysis],
            filter: Filter,
            running: [AnalysisSession.Phase: Int],
            next: String?,
            unanswered: Int,
            showsReasons: Bool
        ) {
            counts = Self.counts(running)
            results = JudgementResult.allCases.map { result in
                Choice(value: result.rawValue, text: result.rawValue, isChosen: result == filter.result)
            }
            times = Self.times(filter.since)
            application = filter.application ?? ""
            environment = filter.environment ?? ""
            version = filter.version ?? ""
            phases = AnalysisSession.Phase.allCases.map { phase in
                Choice(value: phase.rawValue, text: Self.name(of: phase), isChosen: phase == filter.phase)
            }
            isFiltered = !filter.isEmpty
            note = AnalysisTable.unanswered(unanswered)
            hasRows = !rows.isEmpty
            self.rows = rows.map { row in
                Line(
                    address: ReportPage.address(ofSession: row.id),
                    application: row.application,
                    applicationAddress: ApplicationPage.address(application: row.application),
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

        /// Of all that run, whatever the list shows.
        private static func counts(_ running: [AnalysisSession.Phase: Int]) -> String {
            let all = running.values.reduce(0, +)
            let warmingUp = running[.warmingUp] ?? 0
            return all == 0
                ? "None is running." : "\(all) running, \(warmingUp) of them warming up."
        }

        /// A time that is none of the choices is one of its own.
        private static func times(_ since: String?) -> [Choice] {
            let known = [("1h", "last hour"), ("24h", "last 24 hours"), ("168h", "last 7 days")]
            let other = since.map { since in known.contains { $0.0 == since } ? [] : [(since, "since \(since)")] } ?? []
            return (known + other).map { Choice(value: $0.0, text: $0.1, isChosen: $0.0 == since) }
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
