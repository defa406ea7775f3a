/// Which release an event, an analysis, a verdict or an action is about: an application in an environment, and there in
/// a cluster and a namespace.
///
/// Releases of one identity follow one another: a newer one ends the analysis of an older one. Those of different
/// identities have nothing to do with each other. A cluster or namespace that is not named is a place of its own: it
/// equals no named one.
package struct ReleaseIdentity: Sendable, Hashable, Codable {
    package var application: String
    package var environment: String
    package var cluster: String?
    package var namespace: String?

    package init(application: String, environment: String, cluster: String? = nil, namespace: String? = nil) {
        self.application = application
        self.environment = environment
        self.cluster = cluster
        self.namespace = namespace
    }

    /// What plans are chosen by.
    package var key: ReleaseKey { ReleaseKey(application: application, environment: environment) }

    /// `application/environment/cluster/namespace`: the same text for the same identity and for no other. What is not
    /// named is empty, and left out at the end; `%` and `/` inside a name are written as `%25` and `%2F`.
    package var keyText: String {
        var parts = [application, environment, cluster ?? "", namespace ?? ""]
        while parts.count > 2, parts.last == "" { parts.removeLast() }
        return parts.map { part in
            part.contains { $0 == "%" || $0 == "/" }
                ? part.replacing("%", with: "%25").replacing("/", with: "%2F") : part
        }.joined(separator: "/")
    }

    /// Whether what is said about `named` is said about this release too: a cluster or namespace that `named` leaves out
    /// is any.
    package func isMeant(by named: ReleaseIdentity) -> Bool {
        key == named.key && (named.cluster == nil || named.cluster == cluster)
            && (named.namespace == nil || named.namespace == namespace)
    }

    /// Whether both may be the same workload: what one of them leaves out may be what the other names.
    package func mayBe(_ other: ReleaseIdentity) -> Bool {
        func overlap(_ one: String?, _ other: String?) -> Bool { one == nil || other == nil || one == other }
        return key == other.key && overlap(cluster, other.cluster) && overlap(namespace, other.namespace)
    }
}

extension ReleaseIdentity: CustomStringConvertible {
    /// For a sentence: "checkout in production (cluster eu, namespace shop)".
    package var description: String {
        let place = [cluster.map { "cluster \($0)" }, namespace.map { "namespace \($0)" }].compactMap { $0 }
        return "\(application) in \(environment)" + (place.isEmpty ? "" : " (\(place.joined(separator: ", ")))")
    }
}

extension ReleaseIdentity: Comparable {
    package static func < (one: ReleaseIdentity, other: ReleaseIdentity) -> Bool {
        (one.application, one.environment, one.cluster ?? "", one.namespace ?? "")
            < (other.application, other.environment, other.cluster ?? "", other.namespace ?? "")
    }
}

extension DeployEvent {
    package var release: ReleaseIdentity {
        ReleaseIdentity(application: application, environment: environment, cluster: cluster, namespace: namespace)
    }
}

extension Verdict {
    package var release: ReleaseIdentity {
        ReleaseIdentity(application: application, environment: environment, cluster: cluster, namespace: namespace)
    }
}
