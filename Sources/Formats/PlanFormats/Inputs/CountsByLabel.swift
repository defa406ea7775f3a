import PromQL
import Text

/// A count as another query: a series for each value of a label, which add up to the same number.
struct CountsByLabel {
    let label: String

    private static let longestQuery = 16_384
    /// Tells addends apart, which may have the same labels.
    private static let part = "assay_part"

    /// - Parameter expression: what `CountReading` takes for a count.
    /// - Throws: where the parts of the count cannot be told apart.
    func text(of expression: PromQLExpression) throws(CountProblem) -> String {
        let text = try rewritten(expression)
        guard text.utf8.count <= Self.longestQuery else {
            let problem = "asked for by \(label) is longer than \(Self.longestQuery) bytes: record it as a rule"
            throw CountProblem(kind: .aggregation, range: expression.range, problem: problem)
        }
        return text
    }

    private func sum(_ text: String) -> String { "sum by (\(label)) (\(text))" }

    private func problem(_ expression: PromQLExpression, _ problem: String) -> CountProblem {
        CountProblem(
            kind: .aggregation,
            range: expression.range,
            problem: "\(problem), so that it cannot be asked for by \(label): write sum by (\(label)) (…) yourself"
        )
    }

    private func rewritten(_ expression: PromQLExpression) throws(CountProblem) -> String {
        // Series as they are counted have all their labels.
        guard expression.hasAggregation else { return sum(expression.text) }
        switch expression {
        case .parentheses(let inner, _): return try rewritten(inner)
        case .unary(let operation) where !operation.isNegative: return try rewritten(operation.operand)
        case .aggregation(let aggregation): return try rewritten(aggregation)
        case .call(let call): return try rewritten(call)
        case .binary(let operation): return try rewritten(operation)
        default: throw problem(expression, "is put together in another way than by sums")
        }
    }

    private func rewritten(_ aggregation: Aggregation) throws(CountProblem) -> String {
        let inner = aggregation.expression
        guard inner.hasAggregation else { return sum(inner.text) }
        if case .binary(let operation) = inner.unparenthesized, operation.left.type == .vector,
            operation.right.type == .vector, !operation.right.isZero, !isOneSeries(operation.left, operation.right)
        {
            throw problem(inner, "puts several series together by their labels")
        }
        // The sum of sums is the sum, by whatever they were told apart.
        return try rewritten(inner)
    }

    private func rewritten(_ call: FunctionCall) throws(CountProblem) -> String {
        guard let inner = call.arguments.first else { throw problem(.call(call), "counts nothing") }
        switch call.function {
        case "clamp_min": return "clamp_min(\(try rewritten(inner)), 0)"
        case "sort", "sort_desc": return try rewritten(inner)
        case "histogram_count": return "histogram_count(\(try rewritten(inner)))"
        default: throw problem(.call(call), "changes labels of sums with \(call.function)()")
        }
    }

    private func rewritten(_ operation: BinaryOperation) throws(CountProblem) -> String {
        let (left, right) = (operation.left, operation.right)
        switch operation.binaryOperator {
        case .or where right.isZero: return "(\(try rewritten(left)) or \(right.text))"
        case .multiply where left.type == .scalar: return "(\(left.text) * \(try rewritten(right)))"
        case .multiply where right.type == .scalar, .divide where right.type == .scalar:
            return "(\(try rewritten(left)) \(operation.binaryOperator.rawValue) \(right.text))"
        case .greater where right.isZero: return "(\(try rewritten(left)) > 0)"
        case .add, .subtract: return try rewrittenSum(operation)
        case .or: throw problem(.binary(operation), "takes one count where the other is missing")
        default: throw problem(.binary(operation), "is put together in another way than by sums")
        }
    }

    /// Addends meet by their labels, and are lost where one of them is missing: `a + b` becomes the sum of both, each with a
    /// label of its own.
    private func rewrittenSum(_ operation: BinaryOperation) throws(CountProblem) -> String {
        guard isOneSeries(operation.left, operation.right) else {
            throw problem(.binary(operation), "puts several series together by their labels")
        }
        let addends = Self.addends(of: .binary(operation), isNegative: false)
        let hasFallback = addends.allSatisfy { PlannedQuery.endsInVectorZero($0.expression) }
        var parts: [String] = []
        for (number, addend) in addends.enumerated() {
            let text = try rewritten(addend.expression.withoutZero)
            let signed = addend.isNegative ? "-1 * \(text)" : text
            parts.append("label_replace(\(signed), \"\(Self.part)\", \"\(number)\", \"\", \"\")")
        }
        let all = sum(parts.joined(separator: " or "))
        return hasFallback ? "(\(all) or vector(0))" : all
    }

    private func isOneSeries(_ expressions: PromQLExpression...) -> Bool {
        expressions.allSatisfy { ResultSeries(of: $0, pinned: [label]).isOne }
    }

    private static func addends(
        of expression: PromQLExpression,
        isNegative: Bool
    ) -> [(expression: PromQLExpression, isNegative: Bool)] {
        guard case .binary(let operation) = expression.unparenthesized,
            [.add, .subtract].contains(operation.binaryOperator)
        else { return [(expression, isNegative)] }
        let isOther = operation.binaryOperator == .subtract ? !isNegative : isNegative
        return addends(of: operation.left, isNegative: isNegative) + addends(of: operation.right, isNegative: isOther)
    }
}

extension PromQLExpression {
    fileprivate var hasAggregation: Bool {
        if case .aggregation = self { return true }
        return children.contains(where: \.hasAggregation)
    }

    /// Without `or vector(0)`.
    fileprivate var withoutZero: PromQLExpression {
        guard case .binary(let operation) = unparenthesized, operation.binaryOperator == .or, operation.right.isZero
        else { return self }
        return operation.left.withoutZero
    }
}
