/// Finds among changes those that may have to do with a release, and ranks them.
package struct ChangeRanking: Sendable {
    /// Changes that a verdict names.
    package static let maximumRanked = 8
    private static let maximumNodes = 8
    /// How long before the deployment a change may lie: later its score has faded.
    package static let reach = Duration.seconds(3 * 3600)

    private let release: DeployEvent
    private let deployedAt: Timestamp
    private let repeats: [EventIdentity]
    private let reached: [String: Dependencies.Reached]

    package init(_ session: AnalysisSession, dependencies: Dependencies) {
        release = session.event
        deployedAt = session.deployedAt
        repeats = session.repeats ?? []
        reached = dependencies.reached(from: session.event.application)
    }

    /// Applications whose changes are asked for.
    package var applications: [String] { [release.application] + reached.keys.sorted() }

    package var earliest: Timestamp { deployedAt - Self.reach }

    package func ranked(_ changes: [KnownChange], faults: FaultTimes) -> OtherChanges {
        let found = changes.compactMap { change in
            relation(of: change).map { relation, through in
                let temporal = faults.score(of: change.at, release: deployedAt)
                return RankedChange(
                    withSharedNodes(change),
                    relation: relation,
                    through: through,
                    score: temporal.map { $0 > 0 ? $0 * share(of: change.event.place) : $0 }
                )
            }
        }
        let ranked = found.sorted { one, other in
            let scores = (one.score ?? 0, other.score ?? 0)
            if scores.0 != scores.1 { return scores.0 > scores.1 }
            let distances = (distance(one), distance(other))
            if distances.0 != distances.1 { return distances.0 < distances.1 }
            return (one.change.event.identity.source, one.change.event.identity.id)
                < (other.change.event.identity.source, other.change.event.identity.id)
        }
        return OtherChanges(
            releaseAt: deployedAt,
            releaseScore: faults.score(of: deployedAt, release: deployedAt),
            onset: faults.onset,
            ranked: Array(ranked.prefix(Self.maximumRanked)),
            further: max(0, ranked.count - Self.maximumRanked)
        )
    }

    /// Of its nodes those that the release runs on too, and few of these.
    private func withSharedNodes(_ change: KnownChange) -> KnownChange {
        var change = change
        let shared = change.event.place.nodes.filter { release.nodes?.contains($0) ?? false }
        change.event.place.nodes = Array(shared.prefix(Self.maximumNodes))
        return change
    }

    private func distance(_ ranked: RankedChange) -> Int64 {
        abs(ranked.change.at.since(deployedAt).milliseconds)
    }

    /// Nil for a change that has nothing to do with the release, as far as is told, and for the release itself.
    private func relation(of change: KnownChange) -> (ChangeRelation, through: [String])? {
        let (event, place) = (change.event, ChangeLocation(release))
        guard event.environment == nil || event.environment == release.environment, !isRelease(event) else {
            return nil
        }
        let isNear = Self.mayBeSame(event.place.cluster, place.cluster)
        if event.application == release.application {
            return isNear && Self.mayBeSame(event.place.namespace, place.namespace) ? (.application, []) : nil
        }
        if let application = event.application, let reached = reached[application] {
            return (.dependency, reached.through)
        }
        guard isNear else { return nil }
        if !Set(event.place.nodes).isDisjoint(with: place.nodes) { return (.nodes, []) }
        if let zone = event.place.zone, zone == place.zone { return (.zone, []) }
        let isOfCluster = event.application == nil && !event.place.isShared
        return isOfCluster && event.place.cluster != nil && event.place.cluster == place.cluster ? (.cluster, []) : nil
    }

    /// The event of the release, or another one about the same version.
    private func isRelease(_ event: ChangeEvent) -> Bool {
        if event.identity == release.identity || repeats.contains(event.identity) { return true }
        return event.kind == .service && event.phase == .deployed && event.application == release.application
            && event.version == release.version
    }

    private static func mayBeSame(_ one: String?, _ other: String?) -> Bool {
        one == nil || other == nil || one == other
    }

    /// The share of the release's nodes that the change reached: 1 where either does not name any.
    private func share(of place: ChangeLocation) -> Double {
        guard let nodes = release.nodes.map(Set.init), !nodes.isEmpty, !place.nodes.isEmpty else {
            return Self.mayBeSame(place.zone, release.zone) ? 1 : 0
        }
        return Double(nodes.intersection(place.nodes).count) / Double(nodes.count)
    }
}
