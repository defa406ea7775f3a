package import Analysis

/// Which releases a pipeline may mean: what it does not name is any.
package struct ReleaseFilter: Sendable, Equatable {
    package var application: String?
    package var environment: String?
    package var cluster: String?
    package var namespace: String?
    package var version: String?

    package init(
        application: String? = nil,
        environment: String? = nil,
        cluster: String? = nil,
        namespace: String? = nil,
        version: String? = nil
    ) {
        self.application = application
        self.environment = environment
        self.cluster = cluster
        self.namespace = namespace
        self.version = version
    }

    package func fits(_ release: ReleaseIdentity, version: String) -> Bool {
        func fits(_ wanted: String?, _ given: String?) -> Bool { wanted == nil || wanted == given }
        return fits(application, release.application) && fits(environment, release.environment)
            && fits(cluster, release.cluster) && fits(namespace, release.namespace) && fits(self.version, version)
    }

    /// Why none of several releases can be chosen, and which option would tell them apart.
    ///
    /// - Parameter other: what else names one of them.
    func ambiguity(
        among releases: some Collection<ReleaseIdentity>,
        or other: String = "--event with the event's id"
    ) -> AmbiguousRelease? {
        let places = Set(releases)
        guard places.count > 1 else { return nil }
        let options = [
            ("--application", Set(places.map(\.application)).count),
            ("--environment", Set(places.map(\.environment)).count),
            ("--cluster", Set(places.map(\.cluster)).count), ("--namespace", Set(places.map(\.namespace)).count),
        ].filter { $0.1 > 1 }.map(\.0)
        let names = places.sorted().prefix(4).map(\.description).joined(separator: ", and ")
        return AmbiguousRelease(
            description: "\(version ?? "the version") is a release of \(names):"
                + " say which one is meant (\(options.joined(separator: ", ")), or \(other))"
        )
    }
}

/// Several releases fit what a pipeline waits for: the verdict on one must not answer for another.
package struct AmbiguousRelease: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
}
