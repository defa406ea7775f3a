/// Kayenta's score per group and their weighted sum.
struct GroupScores: Equatable {
    /// In the order in which the metrics first name the groups.
    private(set) var scores: [GroupScore]

    /// The metrics that count, muted ones left out. A metric in several groups counts in each, as often as it names it.
    init(of metrics: [MetricJudgement], weights: [String: Double]) {
        var tallies: [String: Tally] = [:]
        var order: [String] = []
        for metric in metrics {
            for group in metric.groups {
                if tallies[group] == nil { order.append(group) }
                tallies[group, default: Tally()].add(metric.classification)
            }
        }

        // Groups without a weight share what is left to 100, which is negative when the weights exceed it.
        let total = weights.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
        let unweighted = order.count { weights[$0] == nil }
        let share = (100 - total) / Double(unweighted)
        scores = order.map { group in
            let tally = tallies[group] ?? Tally()
            return GroupScore(
                name: group,
                score: tally.score,
                weight: weights[group] ?? share,
                noData: tally.total == 0
            )
        }
    }

    /// Σ score * weight / 100, rounded half up to two decimal places.
    ///
    /// A group without data shows 0 but counts as 100. Nothing is normalised: the weight of an absent group is lost, and
    /// weights above 100 give scores above 100.
    var summary: Double {
        scores.reduce(0) { $0 + ($1.noData ? 100 : $1.score) * ($1.weight / 100) }.roundedHalfUp(toPlaces: 2)
    }

    /// Metrics without data, or in error, are in neither number.
    private struct Tally: Equatable {
        var passed = 0
        var total = 0

        var score: Double { total == 0 ? 0 : Double(passed) / Double(total) * 100 }

        mutating func add(_ classification: MetricClassification) {
            switch classification {
            case .pass:
                passed += 1
                total += 1
            case .high, .low, .nodataFailMetric, .marginal, .fail:
                total += 1
            case .nodata, .error, .undecided, .unknown:
                break
            }
        }
    }
}
