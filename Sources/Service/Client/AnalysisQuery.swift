package import Analysis
import HTTPTransport
package import JSON
import Judging
package import Reports

/// Which analyses are asked for: what `GET /v1/sessions` takes.
package struct AnalysisQuery: Sendable, Equatable {
    /// As many as the service gives at once.
    package static let largestPage = 200

    package var filter: ReleaseFilter
    package var phase: String?
    /// What an earlier page gave as `next`.
    package var before: String?
    package var limit: Int

    package init(
        _ filter: ReleaseFilter = ReleaseFilter(),
        phase: String? = nil,
        before: String? = nil,
        limit: Int = AnalysisQuery.largestPage
    ) {
        self.filter = filter
        self.phase = phase
        self.before = before
        self.limit = limit
    }

    var text: String {
        let parameters = [
            ("application", filter.application), ("environment", filter.environment), ("cluster", filter.cluster),
            ("namespace", filter.namespace), ("version", filter.version), ("phase", phase), ("before", before),
            ("limit", "\(min(limit, Self.largestPage))"),
        ].compactMap { name, value in value.map { (name: name, value: $0) } }
        return PercentEncoding.query(parameters)
    }
}

/// Analyses as the service gives them, newest first.
package struct AnalysisPage: Sendable, Equatable {
    /// One of them, and what it was read from.
    package struct Entry: Sendable, Equatable {
        package var analysis: ListedAnalysis
        package var json: JSONValue

        package init(analysis: ListedAnalysis, json: JSONValue) {
            self.analysis = analysis
            self.json = json
        }
    }

    package var entries: [Entry]
    /// Gives the next page; nil on the last one.
    package var next: String?
    /// Deploy events that fit and have no analysis yet.
    package var unanswered: Int

    package init(entries: [Entry] = [], next: String? = nil, unanswered: Int = 0) {
        self.entries = entries
        self.next = next
        self.unanswered = unanswered
    }

    package var analyses: [ListedAnalysis] { entries.map(\.analysis) }
}

extension ListedAnalysis {
    package var release: ReleaseIdentity {
        ReleaseIdentity(application: application, environment: environment, cluster: cluster, namespace: namespace)
    }

    /// From the HTTP interface; nil for what is no analysis.
    init?(_ shown: JSONObject) {
        guard let id = shown["id"]?.text else { return nil }
        let status = shown["status"]?.text.map { VerdictStatus(named: $0) }
        let hold = shown["hold"]?.object
        let unreadable = shown["unreadable"]?.object
        let state: (String, ReportState.Tone) =
            if let status {
                ReportState.name(
                    status,
                    JudgementResult(named: shown["result"]?.text ?? ""),
                    shown["cause"]?.text.map { UndecidedCause(named: $0) },
                    shown["decision"]?.object?["kind"]?.text.map { PersonDecision.Kind(named: $0) }
                )
            } else if unreadable != nil {
                ReportState.notReadable
            } else {
                ReportState.running(isHeld: hold != nil)
            }
        let looks = shown["looks"]?.object
        let taken = looks?["taken"]?.integer.flatMap { taken in
            looks?["of"]?.integer.map { ListedAnalysis.looks(Int(clamping: taken), of: Int(clamping: $0)) }
        }
        self.init(
            id: id,
            application: shown["application"]?.text ?? "",
            environment: shown["environment"]?.text ?? "",
            cluster: shown["cluster"]?.text,
            namespace: shown["namespace"]?.text,
            version: shown["version"]?.text ?? "",
            openedAt: shown["openedAt"]?.text.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(milliseconds: 0),
            looks: taken ?? "",
            state: state,
            isRunning: status == nil && unreadable == nil,
            why: shown["reason"]?.text ?? hold?["reason"]?.text ?? unreadable?["reason"]?.text ?? ""
        )
    }
}
