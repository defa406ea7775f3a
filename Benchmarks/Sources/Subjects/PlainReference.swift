package import Judging

/// The plain implementation that the product's judge is compared with.
package enum PlainReference {
    package static let name = "reference"

    /// The classification and the shift between the sides, which both sides of the comparison give.
    package static func judge(_ pair: MetricPair) -> (MetricClassification, upper: Double?) {
        let judgement = NetflixACAJudge().judge([pair], by: ScoringRules()).metrics[0]
        return (judgement.classification, judgement.shift?.upper)
    }
}
