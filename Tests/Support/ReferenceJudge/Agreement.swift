package import Judging

/// Where the product's judge differs from the reference, on any instruction set of this processor; nil where every bit
/// agrees.
package func disagreement(of judges: [InstructionSetJudge], on pair: MetricPair) -> String? {
    let reference = ReferenceJudge.judge(pair)
    for judge in judges {
        guard let difference = disagreement(of: judge.judge(pair), with: reference, on: pair) else { continue }
        return "\(judge.instructionSet.rawValue): \(difference)"
    }
    return nil
}

/// Where a judgement differs from the reference's, field by field; nil where every bit agrees.
///
/// NaN agrees with NaN whatever its payload. Zeros of different sign differ.
package func disagreement(
    of judged: MetricJudgement,
    with reference: ReferenceJudgement,
    on pair: MetricPair
) -> String? {
    var differences: [String] = []
    func check<Value>(_ name: String, _ value: Value, _ expected: Value, by isSame: (Value, Value) -> Bool) {
        if !isSame(value, expected) { differences.append("\(name): \(value), by the reference \(expected)") }
    }
    check("classification", judged.classification, reference.classification, by: ==)
    check("reason", judged.reason?.text, reference.reason, by: ==)
    check("critical failure", judged.criticalFailure, reference.criticalFailure, by: ==)
    check("ratio", judged.ratio, reference.ratio, by: isSame)
    check("effect", judged.effect?.value, reference.effectValue, by: isSame)
    check("lower", judged.shift?.lower, reference.shift?.lower, by: isSame)
    check("upper", judged.shift?.upper, reference.shift?.upper, by: isSame)
    check("estimate", judged.shift?.estimate, reference.shift?.estimate, by: isSame)
    check("bound", judged.shift?.bound, reference.shift?.bound, by: isSame)
    check("control", judged.control, reference.control, by: isSame)
    check("experiment", judged.experiment, reference.experiment, by: isSame)

    // What a judge only hands on.
    let limits = pair.settings.effect
    check("name", judged.name, pair.name, by: ==)
    check("groups", judged.groups, pair.groups, by: ==)
    check("muted", judged.muted, pair.settings.muted, by: ==)
    if let effect = judged.effect {
        check("measure", effect.measure, limits.measure, by: ==)
        check("allowed increase", effect.allowedIncrease, limits.allowedIncrease, by: isSame)
        check("allowed decrease", effect.allowedDecrease, limits.allowedDecrease, by: isSame)
    }
    if let shift = judged.shift { check("confidence", shift.confidence, 0.98, by: ==) }
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
}

/// The same bits, or both NaN.
package func isSame(_ left: Double, _ right: Double) -> Bool {
    left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
}

package func isSame(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return isSame(left, right)
}

package func isSame(_ left: SampleStatistics, _ right: SampleStatistics) -> Bool {
    left.count == right.count
        && isSame(left.mean, right.mean)
        && isSame(left.standardDeviation, right.standardDeviation)
        && isSame(left.minimum, right.minimum)
        && isSame(left.maximum, right.maximum)
}

package func isSame(_ left: ShiftInterval?, _ right: ShiftInterval?) -> Bool {
    isSame(left?.lower, right?.lower) && isSame(left?.upper, right?.upper)
        && isSame(left?.estimate, right?.estimate) && isSame(left?.bound, right?.bound)
}
