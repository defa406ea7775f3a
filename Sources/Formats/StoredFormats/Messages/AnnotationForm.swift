package import Analysis
import Foundation

/// What an annotation says about a release: a region from the deployment to the verdict, ready to be sent. Form 2: its
/// own number, and `tags`.
package struct AnnotationForm: Sendable, Equatable, Codable {
    package static let newest = 2

    package enum Stage: String, Sendable, Codable {
        case opened
        case closed
    }

    package var form: Int?
    package var stage: Stage
    package var session: String
    package var application: String
    package var environment: String
    package var version: String
    package var start: Timestamp
    package var end: Timestamp?
    /// `pass`, `fail`, …; nil while the analysis runs.
    package var result: String?
    package var text: String
    package var tags: [String]?

    package init(
        _ stage: Stage,
        session: String,
        application: String,
        environment: String,
        version: String,
        start: Timestamp,
        end: Timestamp? = nil,
        result: String? = nil,
        text: String
    ) {
        form = Self.newest
        self.stage = stage
        self.session = session
        self.application = application
        self.environment = environment
        self.version = version
        self.start = start
        self.end = end
        self.result = result
        self.text = text
        tags = Self.tags(application: application, environment: environment, result: result)
    }

    /// Few values, each with a bounded number of kinds; what is unique stands in the text.
    private static func tags(application: String, environment: String, result: String?) -> [String] {
        ["assay", "app:\(application)", "env:\(environment)", "verdict:\(result ?? "running")"]
    }

    package var id: String { "\(session)/\(stage.rawValue)" }
    package var openedID: String { "\(session)/\(Stage.opened.rawValue)" }

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
