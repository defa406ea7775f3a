/// A metric's result and its weight inside its groups.
struct WeightedMetric {
    var metric: MetricJudgement
    var weight: Double

    /// 1 for a pass, 0.5 for marginal, 0 for a failure; nil where the metric has nothing to say.
    var points: Double? {
        switch metric.classification {
        case .pass: 1
        case .marginal: 0.5
        case .high, .low, .fail, .nodataFailMetric: 0
        case .nodata, .error, .undecided, .unknown: nil
        }
    }

    /// Weights that make no sense (not above 0, NaN) count as 0; the bound keeps sums finite.
    var usableWeight: Double {
        weight > 0 ? min(weight, 1e100) : 0
    }
}

/// Scores per group, weighted inside and between groups so that what has data makes up the whole.
struct WeightedGroupScores {
    /// In the order in which the metrics first name the groups; metrics without a group form the group "".
    private(set) var scores: [GroupScore] = []
    /// Σ score * weight over the groups with data, rounded half up to two places; nil when no group has data.
    private(set) var summary: Double?

    /// A metric in several groups counts in each of them once.
    init(of metrics: [WeightedMetric], weights: [String: Double]) {
        var totals: [String: (points: Double, weight: Double)] = [:]
        var order: [String] = []
        for metric in metrics {
            let groups = metric.metric.groups.isEmpty ? [""] : metric.metric.groups
            for group in Set(groups).sorted() {
                if totals[group] == nil { order.append(group) }
                var total = totals[group] ?? (0, 0)
                if let points = metric.points {
                    total.points += points * metric.usableWeight
                    total.weight += metric.usableWeight
                }
                totals[group] = total
            }
        }

        let withData = order.filter { (totals[$0]?.weight ?? 0) > 0 }
        let shares = Self.shares(of: withData, weights: weights)
        scores = order.map { group in
            let total = totals[group] ?? (0, 0)
            let hasData = total.weight > 0
            return GroupScore(
                name: group,
                score: hasData ? total.points / total.weight * 100 : 0,
                weight: shares[group] ?? 0,
                noData: !hasData
            )
        }
        guard !withData.isEmpty else { return }
        summary = scores.reduce(0) { $0 + $1.score * ($1.weight / 100) }.roundedHalfUp(toPlaces: 2)
    }

    /// Percent per group, adding up to 100. Groups without a weight share what the others leave of 100; where nothing is
    /// left for any of the groups, they count the same.
    private static func shares(of groups: [String], weights: [String: Double]) -> [String: Double] {
        let usable = weights.mapValues { $0 > 0 ? min($0, 1e100) : 0 }
        let named = usable.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        let unnamed = groups.count { usable[$0] == nil }
        let rest = unnamed > 0 ? max(100 - named, 0) / Double(unnamed) : 0
        let raw = groups.map { usable[$0] ?? rest }
        let total = raw.reduce(0, +)
        return Dictionary(
            uniqueKeysWithValues: zip(groups, raw).map { group, weight in
                (group, total > 0 ? weight / total * 100 : 100 / Double(groups.count))
            }
        )
    }
}
