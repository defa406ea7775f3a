package import Analysis
import Foundation

/// What people and other systems are told about a release, ready but for the shape that its receiver expects: whatever
/// delivers it need not read verdicts. Its texts are bounded.
package struct NotificationForm: Sendable, Equatable, Codable {
    package static let newest = 1

    /// A metric as tables have it.
    package struct Row: Sendable, Equatable, Codable {
        package var name: String
        package var control: String
        package var experiment: String
        package var ratio: String
        package var result: String

        package init(name: String, control: String, experiment: String, ratio: String, result: String) {
            self.name = name
            self.control = control
            self.experiment = experiment
            self.ratio = ratio
            self.result = result
        }
    }

    package var form: Int?
    /// The id of the verdict, or of the start.
    package var verdict: String
    package var session: String
    package var application: String
    package var environment: String
    package var cluster: String?
    package var namespace: String?
    package var version: String
    package var revision: String?
    /// `started`, `pass`, `fail`, `marginal`, `inconclusive`, `errored`, `cancelled`.
    package var result: String
    /// `info`, `warning`, `critical`.
    package var severity: String
    /// `Failed`, `Could not be judged`.
    package var word: String
    /// One line: which release, and the result.
    package var title: String
    package var reason: String
    package var next: String
    /// Those that decide come first.
    package var metrics: [Row]
    /// How many metrics are not among them.
    package var furtherMetrics: Int
    /// The verdict as lines of plain text.
    package var text: String
    /// The page of the analysis.
    package var link: String?
    /// Or when the analysis began.
    package var decidedAt: Timestamp

    package init(
        verdict: Verdict,
        result: String,
        severity: String,
        word: String,
        title: String,
        reason: String,
        next: String,
        metrics: [Row],
        furtherMetrics: Int,
        text: String,
        link: String?
    ) {
        form = Self.newest
        self.verdict = verdict.id
        session = verdict.session
        application = verdict.application
        environment = verdict.environment
        cluster = verdict.cluster
        namespace = verdict.namespace
        version = verdict.version
        revision = verdict.revision
        self.result = result
        self.severity = severity
        self.word = word
        self.title = title
        self.reason = reason
        self.next = next
        self.metrics = metrics
        self.furtherMetrics = furtherMetrics
        self.text = text
        self.link = link
        decidedAt = verdict.decidedAt
    }

    /// Of an analysis that begins.
    package init(
        startOf session: AnalysisSession,
        result: String,
        severity: String,
        word: String,
        title: String,
        reason: String,
        next: String,
        text: String,
        link: String?
    ) {
        let event = session.event
        form = Self.newest
        verdict = "\(session.id)/started"
        self.session = session.id
        application = event.application
        environment = event.environment
        cluster = event.cluster
        namespace = event.namespace
        version = event.version
        revision = event.revision
        self.result = result
        self.severity = severity
        self.word = word
        self.title = title
        self.reason = reason
        self.next = next
        metrics = []
        furtherMetrics = 0
        self.text = text
        self.link = link
        decidedAt = session.openedAt
    }

    package var release: ReleaseIdentity {
        ReleaseIdentity(application: application, environment: environment, cluster: cluster, namespace: namespace)
    }

    package func bytes() throws(FormError) -> [UInt8] {
        do { return [UInt8](try StoredJSON.encoder().encode(self)) } catch {
            throw FormError(.unwritable, "the notification cannot be written: \(error)")
        }
    }

    package init(bytes: [UInt8]) throws(FormError) {
        do { self = try StoredJSON.decoder().decode(Self.self, from: Data(bytes)) } catch {
            throw FormError(.malformed, "the stored notification cannot be read: \(FormError.sentence(error))")
        }
        if let form, form > Self.newest { throw FormError(newer: form, than: Self.newest, of: "notification") }
    }
}
