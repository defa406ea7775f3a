import ReferenceJudge
import Testing

/// One number of Kayenta's numerics, taken alone.
struct NumericVector: Decodable, Sendable, CustomTestStringConvertible {
    enum Kind: String, Decodable {
        /// Lower, upper and estimate of the shift from y (control) to x (experiment) at a normal quantile.
        case interval
        /// The Mann-Whitney statistic of x - shift against y.
        case statistic
        /// The quantile of x at a fraction.
        case quantile
        /// The common language effect size of x (experiment) over y (control).
        case cles
        /// mean(x) / mean(y).
        case ratio
    }

    var name: String
    var kind: Kind
    var x: [Double]
    var y: [Double]?
    var quantile: Double?
    var shift: Double?
    var fraction: Double?
    var expected: [Double]

    var testDescription: String { "\(kind): \(name)" }
}

/// The reference, which defines what the judge answers, agrees with Kayenta number by number, also where the judge's own
/// entry does not lead: at other confidence levels and quantiles.
@Suite struct NumericParityTests {
    @Test(arguments: try Resource.lines(of: "kayenta-numerics", as: NumericVector.self))
    func computesAsKayenta(vector: NumericVector) throws {
        let values = try values(vector)
        #expect(values.count == vector.expected.count)
        for (value, expected) in zip(values, vector.expected) {
            #expect(same(value, expected), "\(values), by Kayenta \(vector.expected)")
        }
    }

    private func values(_ vector: NumericVector) throws -> [Double] {
        let (x, y) = (vector.x, vector.y ?? [])
        switch vector.kind {
        case .interval:
            let quantile = try #require(vector.quantile)
            let shift = try ReferenceShift(control: y, experiment: x, quantile: quantile)
            return [shift.lower, shift.upper, shift.estimate]
        case .statistic:
            return [try ReferenceStatistic.value(x: x, y: y, shift: try #require(vector.shift))]
        case .quantile:
            return [ReferenceQuantile.quantile(of: x, at: try #require(vector.fraction))]
        case .cles:
            return [ReferenceRanks.commonLanguageEffectSize(control: y, experiment: x)]
        case .ratio:
            return [ReferenceMoments.ratio(control: y, experiment: x)]
        }
    }
}
