/// The answer of `GET /admin/state`.
package struct ShopReport: Sendable, Equatable, Codable {
    package struct Running: Sendable, Equatable, Codable {
        package var version: String
        package var revision: String
        /// Percent of requests.
        package var weight: Double
        package var requests: Int
        package var errors: Int
    }

    package struct Release: Sendable, Equatable, Codable {
        package var version: String
        package var revision: String
        /// running, promoted, aborted or replaced.
        package var outcome: String
    }

    package var stable: Running
    package var canary: Running?
    /// The releases of the shop's lifetime, oldest first.
    package var releases: [Release]

    /// Percent of requests that a version takes.
    package func weight(of version: String) -> Double {
        [stable, canary].compactMap { $0 }.filter { $0.version == version }.reduce(0) { $0 + $1.weight }
    }
}

extension ShopReport {
    init(_ state: ShopState) {
        func running(_ release: ShopState.Running, weight: Double) -> Running {
            Running(
                version: release.version,
                revision: release.revision,
                weight: weight,
                requests: release.metrics.requests,
                errors: release.metrics.errors
            )
        }
        stable = running(state.stable, weight: 100 - state.canaryWeight)
        canary = state.canary.map { running($0, weight: state.canaryWeight) }
        releases = state.releases.map {
            Release(version: $0.version, revision: $0.revision, outcome: $0.outcome.rawValue)
        }
    }
}
