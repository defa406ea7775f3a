import Analysis
import Hummingbird
import Text

/// The version that a gate is asked about, and where: a cluster or namespace that is not named is any.
struct GateSubject: Sendable, Equatable {
    var release: ReleaseIdentity
    var version: String

    /// Names that a deploy event may have; others are refused with the name of what is wrong.
    func checked() throws -> GateSubject {
        let names = [
            ("application", release.application), ("environment", release.environment), ("cluster", release.cluster),
            ("namespace", release.namespace), ("version", version),
        ]
        for case (let name, let text?) in names {
            guard (1...DeployEvent.maximumTextBytes).contains(text.utf8.count), !text.holdsUnprintable else {
                throw HTTPError(
                    .badRequest,
                    message: "\(name) must have 1 to \(DeployEvent.maximumTextBytes) bytes and no control characters"
                )
            }
        }
        return self
    }
}

extension GateSubject: CustomStringConvertible {
    /// For a sentence: "checkout 2.4.0 in production (namespace shop)".
    var description: String {
        var named = release
        named.application += " \(version)"
        return named.description.excerpt(300)
    }
}
