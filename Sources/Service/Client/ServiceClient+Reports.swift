import Analysis
import Foundation
import HTTPTransport
import JSON
package import Reports
import Text

/// What people are shown of analyses.
extension ServiceClient {
    /// The report of an analysis, and the JSON that it was read from.
    package struct AnswerWithReport: Sendable {
        package var report: AnalysisReport
        package var json: [UInt8]
    }

    private static let reportTimeout = Duration.seconds(60)
    /// A report holds the samples of each metric.
    private static let maximumReportBytes = 256 << 20

    /// A page of analyses, newest first.
    package func analyses(
        _ query: AnalysisQuery,
        timeout: Duration = .seconds(30)
    ) async throws(Failure) -> AnalysisPage {
        let answer = try await answer(to: HTTPRequest(url: "\(url)/v1/sessions?\(query.text)", timeout: timeout))
        guard let sessions = answer["sessions"]?.elements else {
            throw Failure(description: "\(url) answered without sessions: is it the address of Assay?", mayPass: false)
        }
        let entries = sessions.compactMap(Self.entry)
        guard entries.count == sessions.count else {
            throw Failure(description: "\(url) answered with an analysis that this version cannot read", mayPass: false)
        }
        return AnalysisPage(
            entries: entries,
            next: answer["next"]?.text,
            unanswered: answer["unanswered"]?.integer.map { Int(clamping: $0) } ?? 0
        )
    }

    /// More are not followed at once.
    private static let mostLive = 10_000

    private static func entry(_ session: JSONValue) -> AnalysisPage.Entry? {
        session.object.flatMap { ListedAnalysis($0) }.map { .init(analysis: $0, json: session) }
    }

    /// One analysis as lists show it; nil where there is none.
    package func analysis(_ id: String) async throws(Failure) -> AnalysisPage.Entry? {
        let request = HTTPRequest(url: "\(url)/v1/sessions/\(PercentEncoding.encode(id))")
        return try await answerIfFound(to: request)?["session"].flatMap(Self.entry)
    }

    /// The analyses that run, and the newest of all, newest first.
    ///
    /// - Parameter newest: how many of these.
    package func liveAnalyses(_ filter: ReleaseFilter, newest: Int) async throws(Failure) -> AnalysisPage {
        var page = try await analyses(AnalysisQuery(filter, limit: newest))
        var known = Set(page.entries.map(\.analysis.id))
        for phase in AnalysisSession.Phase.allCases where phase != .finished {
            var query = AnalysisQuery(filter, phase: phase.rawValue)
            repeat {
                let running = try await analyses(query)
                page.entries += running.entries.filter { known.insert($0.analysis.id).inserted }
                query.before = running.next
            } while query.before != nil && page.entries.count < Self.mostLive
        }
        page.entries.sort { $0.analysis.openedAt > $1.analysis.openedAt }
        return page
    }

    /// The newest analysis of a release; throws where there is none, or where several places have one.
    package func newestAnalysis(of filter: ReleaseFilter) async throws(Failure) -> String {
        let page = try await analyses(AnalysisQuery(filter))
        let name = WantedVerdict.version(filter).name
        if let ambiguity = filter.ambiguity(among: page.analyses.map(\.release), or: "the id of its analysis") {
            throw Failure(description: ambiguity.description, mayPass: false)
        }
        if let newest = page.analyses.first { return newest.id }
        let waits = page.unanswered > 0 ? " yet: its deploy event waits for its answer" : ""
        throw Failure(description: "there is no analysis of \(name)\(waits)", mayPass: page.unanswered > 0)
    }

    /// - Parameter withSamples: whether the samples of both sides are in it.
    package func report(ofSession id: String, withSamples: Bool) async throws(Failure) -> AnswerWithReport {
        try await report(
            at: "\(url)/v1/sessions/\(PercentEncoding.encode(id))",
            withSamples: withSamples,
            missing: "there is no session \(id.excerpt()) at \(url)"
        )
    }

    /// - Parameter missing: the sentence where there is nothing at the address.
    func report(
        at path: String,
        withSamples: Bool,
        missing: String
    ) async throws(Failure) -> AnswerWithReport {
        let request = HTTPRequest(
            url: "\(path)/report" + (withSamples ? "" : "?samples=false"),
            timeout: Self.reportTimeout,
            maximumResponseBytes: Self.maximumReportBytes
        )
        guard let answer = try await bodyIfFound(to: request, missing: [404]) else {
            guard try await answerIfFound(to: HTTPRequest(url: path)) != nil else {
                throw Failure(description: missing, mayPass: false)
            }
            throw Failure(description: "\(url) gives no reports: it is of a version before 0.2.0", mayPass: false)
        }
        let form = answer.object["form"]?.integer
        guard form == Int64(AnalysisReport.currentForm),
            let report = try? DomainJSON.decode(AnalysisReport.self, from: Data(answer.text))
        else {
            let what = form.map { "a report of form \($0)" } ?? "no report"
            throw Failure(
                description: "\(request) answered \(what), which this version cannot read (it knows form"
                    + " \(AnalysisReport.currentForm))",
                mayPass: false
            )
        }
        return AnswerWithReport(report: report, json: answer.text)
    }
}
