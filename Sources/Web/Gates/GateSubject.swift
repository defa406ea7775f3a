import Analysis
import Hummingbird
import Text

/// The version that a gate is asked about, and where: a cluster or namespace that is not named is any.
struct GateSubject: Sendable, Equatable {
    var application: String
    var environment: String
    var cluster: String?
    var namespace: String?
    var version: String

    /// Whether an event is about it, as far as it says where it is.
    func names(_ event: DeployEvent) -> Bool {
        (cluster == nil || cluster == event.cluster) && (namespace == nil || namespace == event.namespace)
    }

    /// Whether an event may be about the same workload: what one of both does not name may be what the other names.
    func mayBeBeside(_ event: DeployEvent) -> Bool {
        func overlap(_ one: String?, _ other: String?) -> Bool { one == nil || other == nil || one == other }
        return overlap(cluster, event.cluster) && overlap(namespace, event.namespace)
    }

    /// Names that a deploy event may have; others are refused with the name of what is wrong.
    func checked() throws -> GateSubject {
        let names = [
            ("application", application), ("environment", environment), ("cluster", cluster),
            ("namespace", namespace), ("version", version),
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
        let release = ReleaseIdentity(
            application: "\(application) \(version)",
            environment: environment,
            cluster: cluster,
            namespace: namespace
        )
        return release.description.excerpt(300)
    }
}
