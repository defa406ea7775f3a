/// Which quirks of Kayenta's scores a whole judgement met.
///
/// Sources: Kayenta's `ScoringHelper`, `WeightedSumScorer` and `ThresholdScoreClassifier`.
struct KayentaScoreCaveats {
    /// Names that a sentence lists before it counts the rest.
    private static let shownGroups = 3

    private let judgement: Judgement
    private let counted: [MetricJudgement]

    init(_ judgement: Judgement) {
        self.judgement = judgement
        counted = judgement.metrics.filter { !$0.muted }
    }

    var caveats: [KayentaCaveat] {
        guard !counted.isEmpty else {
            let isMuted = !judgement.metrics.isEmpty
            return isMuted ? [KayentaCaveat(.allMuted, "all metrics are muted, so that the score is 0")] : []
        }
        // A reason stands where the score was set to 0 whatever the groups say.
        guard judgement.reason.isEmpty else { return thresholdsOfZero }
        guard !judgement.groups.isEmpty else {
            let text = "no metric that counts is in a group, so that the score is 0"
            return [KayentaCaveat(.metricsWithoutGroup, text)]
        }
        return (allInError ?? groupsWithoutData) + weights
    }

    private var thresholdsOfZero: [KayentaCaveat] {
        guard judgement.result != .fail else { return [] }
        let text = "the failure sets the score to 0, which thresholds of 0 take for \(judgement.result.rawValue)"
        return [KayentaCaveat(.thresholdsOfZero, text)]
    }

    private var allInError: [KayentaCaveat]? {
        guard counted.allSatisfy({ $0.classification == .error }) else { return nil }
        return [KayentaCaveat(.metricsInError, "every metric is in error, and none of them lowers the score")]
    }

    private var groupsWithoutData: [KayentaCaveat] {
        let names = judgement.groups.filter(\.noData).map(\.name)
        guard let first = names.first else { return [] }
        let text =
            names.count == 1
            ? "group \(first) has no data and counts as 100"
            : "groups \(Self.list(names)) have no data and count as 100"
        return [KayentaCaveat(.groupsWithoutData, text)]
    }

    private var weights: [KayentaCaveat] {
        let negative = judgement.groups.filter { $0.weight < 0 }.map(\.name)
        guard negative.isEmpty else {
            let text =
                "weights above 100 leave less than nothing for \(Self.list(negative)), which lowers the score by passing"
            return [KayentaCaveat(.weightsNotScaled, text)]
        }
        let best = judgement.groups.reduce(0) { $0 + $1.weight }
        guard abs(best - 100) > 0.01 else { return [] }
        let text = "the weights are not scaled to 100: the best score is \(best.readable)"
        return [KayentaCaveat(.weightsNotScaled, text)]
    }

    private static func list(_ names: [String]) -> String {
        let others = names.count - shownGroups
        return names.prefix(shownGroups).joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
    }
}
