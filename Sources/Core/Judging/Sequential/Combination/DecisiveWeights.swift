/// The parts of the level that metrics have: each group's weight shared by the metrics in it, critical metrics doubled,
/// and the whole normalised to 1.
package enum DecisiveWeights {
    /// What a metric's weight depends on.
    package struct Member: Sendable, Equatable {
        /// The index of its group.
        package let group: Int
        package let isCritical: Bool
        /// A muted metric has no weight.
        package let isMuted: Bool

        package init(group: Int, isCritical: Bool = false, isMuted: Bool = false) {
            self.group = group
            self.isCritical = isCritical
            self.isMuted = isMuted
        }
    }

    /// A weight for each metric, in their order. A group without a weight above 0 has none to share, nor has one that does
    /// not exist; all are 0 when there is nothing to share.
    package static func weights(of members: [Member], groups: [Double]) -> [Double] {
        var sizes = Array(repeating: 0.0, count: groups.count)
        for member in members where !member.isMuted && groups.indices.contains(member.group) {
            sizes[member.group] += 1
        }
        let parts = members.map { member in
            guard !member.isMuted, groups.indices.contains(member.group), groups[member.group] > 0,
                groups[member.group].isFinite
            else { return 0.0 }
            return groups[member.group] / sizes[member.group] * (member.isCritical ? 2 : 1)
        }
        let total = parts.reduce(0, +)
        return total > 0 && total.isFinite ? parts.map { $0 / total } : parts.map { _ in 0 }
    }

    /// The weight of each group, as `given`; where that is nothing, all count the same.
    package static func shares(of groups: [String], _ weights: [String: Double]) -> [Double] {
        let shares = given(groups, weights)
        return shares.contains { $0 > 0 } ? shares : groups.map { _ in 1 }
    }

    /// What the plan says: groups that it gives no weight share what the others leave of 100.
    package static func given(_ groups: [String], _ weights: [String: Double]) -> [Double] {
        let named = groups.compactMap { weights[$0] }.reduce(0, +)
        let unnamed = groups.count { weights[$0] == nil }
        let rest = unnamed > 0 ? max(0, 100 - named) / Double(unnamed) : 0
        return groups.map { weights[$0] ?? rest }
    }
}
