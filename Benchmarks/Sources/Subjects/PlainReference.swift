package import Judging
import ReferenceJudge

/// The plain implementation that the product's judge is compared with.
package enum PlainReference {
    package static let name = "reference"

    /// The classification and the shift between the sides, which both sides of the comparison give.
    package static func judge(_ pair: MetricPair) -> (MetricClassification, upper: Double?) {
        let judgement = ReferenceJudge.judge(pair)
        return (judgement.classification, judgement.shift?.upper)
    }
}
