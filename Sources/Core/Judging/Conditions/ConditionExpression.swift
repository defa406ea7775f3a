/// A number computed from the samples of a look.
indirect enum ConditionExpression: Sendable, Equatable {
    case number(Double)
    case aggregate(ConditionAggregate, ConditionSide)
    case negated(ConditionExpression)
    case arithmetic(ArithmeticSign, ConditionExpression, ConditionExpression)
    case function(ScalarFunction, [ConditionExpression])

    enum ArithmeticSign: String, Sendable, CaseIterable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
    }

    /// Functions of numbers. `min` and `max` of one side are aggregates instead.
    enum ScalarFunction: String, Sendable, CaseIterable {
        case min
        case max
        case abs

        var arguments: Int { self == .abs ? 1 : 2 }
    }

    /// NaN where a side that it needs has no samples, or where the arithmetic has no answer (0 / 0).
    func value(control: CleanedSamples, experiment: CleanedSamples) -> Double {
        switch self {
        case .number(let value):
            return value
        case .aggregate(let aggregate, let side):
            return aggregate.value(of: side == .control ? control : experiment)
        case .negated(let operand):
            return -operand.value(control: control, experiment: experiment)
        case .arithmetic(let sign, let left, let right):
            let left = left.value(control: control, experiment: experiment)
            let right = right.value(control: control, experiment: experiment)
            switch sign {
            case .plus: return left + right
            case .minus: return left - right
            case .times: return left * right
            case .over: return left / right
            }
        case .function(let function, let operands):
            let values = operands.map { $0.value(control: control, experiment: experiment) }
            guard let first = values.first, !values.contains(where: \.isNaN) else { return .nan }
            switch function {
            case .min: return values.reduce(first, Swift.min)
            case .max: return values.reduce(first, Swift.max)
            case .abs: return first.magnitude
            }
        }
    }

    func uses(_ side: ConditionSide) -> Bool { aggregates.contains { $0.side == side } }

    /// What it reads, in the order of the text.
    var aggregates: [SideAggregate] {
        switch self {
        case .number: []
        case .aggregate(let aggregate, let side): [SideAggregate(aggregate: aggregate, side: side)]
        case .negated(let operand): operand.aggregates
        case .arithmetic(_, let left, let right): left.aggregates + right.aggregates
        case .function(_, let operands): operands.flatMap(\.aggregates)
        }
    }

    /// One number of one side.
    struct SideAggregate: Equatable {
        var aggregate: ConditionAggregate
        var side: ConditionSide
    }
}

/// Whose samples an expression means.
enum ConditionSide: Sendable, Equatable {
    case control
    case experiment

    /// `canary` and `experiment`, `control` and `baseline`.
    init?(word: String) {
        switch word {
        case "canary", "experiment": self = .experiment
        case "control", "baseline": self = .control
        default: return nil
        }
    }
}
