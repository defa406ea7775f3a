package import Analysis
import Foundation

/// What an annotation says about a release, ready to be sent: a region from the deployment to the verdict, or a point in
/// it. Form 2: its own number, `tags`, and what beginning and end of a region are not.
///
/// Version 0.1.0 knows the stage alone. So an interim result is `closed` to it, which changes the region that was opened,
/// and a point is `opened`, which makes an annotation of its own.
package struct AnnotationForm: Sendable, Equatable, Codable {
    package static let newest = 2

    package enum Stage: String, Sendable, Codable {
        case opened
        case closed
    }

    /// What else is told about a release than its beginning and its end.
    package enum Moment: String, Sendable, Codable {
        /// What the region shows changes; it goes on.
        case interim
        /// A point: the new version gets another part of the traffic.
        case step
        /// A point: a rollout controller acted.
        case action
    }

    package var form: Int?
    package var stage: Stage
    /// Nil for the beginning and the end of a region.
    package var moment: Moment?
    package var session: String
    package var application: String
    package var environment: String
    package var version: String
    package var start: Timestamp
    package var end: Timestamp?
    /// `pass`, `fail`, …; nil while the analysis runs. Of a point its moment, for version 0.1.0 makes a tag of it.
    package var result: String?
    /// Plain lines.
    package var text: String
    package var tags: [String]?
    /// The page of the analysis.
    package var link: String?

    /// A region, or a change of one.
    ///
    /// - Parameter note: a further tag.
    package init(
        _ stage: Stage,
        moment: Moment? = nil,
        session: String,
        application: String,
        environment: String,
        version: String,
        start: Timestamp,
        end: Timestamp? = nil,
        result: String? = nil,
        note: String? = nil,
        text: String,
        link: String? = nil
    ) {
        form = Self.newest
        self.stage = stage
        self.moment = moment
        self.session = session
        self.application = application
        self.environment = environment
        self.version = version
        self.start = start
        self.end = end
        self.result = result
        self.text = text
        self.link = link
        tags = Self.tags(application: application, environment: environment, result: result) + [note].compactMap(\.self)
    }

    /// A point.
    package init(
        point moment: Moment,
        session: String,
        application: String,
        environment: String,
        version: String,
        at time: Timestamp,
        note: String? = nil,
        text: String,
        link: String?
    ) {
        self.init(
            .opened,
            moment: moment,
            session: session,
            application: application,
            environment: environment,
            version: version,
            start: time,
            result: moment.rawValue,
            text: text,
            link: link
        )
        tags =
            Self.place(application: application, environment: environment)
            + ["event:\(moment.rawValue)"] + [note].compactMap(\.self)
    }

    /// Few values, each with a bounded number of kinds; what is unique stands in the text.
    private static func tags(application: String, environment: String, result: String?) -> [String] {
        place(application: application, environment: environment) + ["verdict:\(result ?? "running")"]
    }

    /// The tags that all annotations of an application in an environment share.
    package static func place(application: String, environment: String) -> [String] {
        ["assay", "app:\(application)", "env:\(environment)"]
    }

    package var isPoint: Bool { moment == .step || moment == .action }

    /// Of the message that opens the region.
    package var openedID: String { "\(session)/\(Stage.opened.rawValue)" }

    /// Of the message that closes it.
    package var closedID: String { "\(session)/\(Stage.closed.rawValue)" }

    package func bytes() throws(FormError) -> [UInt8] {
        do { return [UInt8](try StoredJSON.encoder().encode(self)) } catch {
            throw FormError(.unwritable, "the annotation cannot be written: \(error)")
        }
    }

    /// A marker of form 1 has no tags: they follow from the rest.
    package init(bytes: [UInt8]) throws(FormError) {
        do { self = try StoredJSON.decoder().decode(Self.self, from: Data(bytes)) } catch {
            throw FormError(.malformed, "the stored annotation cannot be read: \(FormError.sentence(error))")
        }
        if let form, form > Self.newest { throw FormError(newer: form, than: Self.newest, of: "annotation") }
        tags = tags ?? Self.tags(application: application, environment: environment, result: result)
    }
}
