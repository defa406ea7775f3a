import Analysis
import PromQL
import Text

/// What an expression counts: the events of a time, as `rate()` and `increase()` of counters give them.
///
/// The time is that of the outermost function of change below aggregations, factors and fallbacks. A factor is taken back
/// out of it: `60 * rate(x[1m])` counts over a minute.
struct CountReading: Equatable {
    /// Seconds that a sample counts over; above 0.
    var seconds: Double
    /// The stretch of time that counters are read over, and when.
    var window: CountWindow
    /// Whether a value may lie a little below 0, because one count is taken from another.
    var hasDifference = false
    /// A part of a sum or a difference of which there may be no series: then there is no sum either, as if nothing had
    /// happened. Of events that must not be.
    var missingPart: SourceRange?

    /// Whether samples of both can be set against each other, sample by sample.
    func fits(_ other: CountReading) -> Bool { seconds == other.seconds && window == other.window }

    /// Over which a sample counts; nil where that is no time that can be kept.
    var per: Duration? {
        guard seconds >= 0.000_001, seconds <= 1_000_000_000 else { return nil }
        return .seconds(seconds)
    }

    /// Why it must not stand for events; nil where it may.
    var problemOfEvents: CountProblem? {
        missingPart.map { range in
            let problem =
                "may have no series, and then the whole sum or difference has none, as if nothing had happened: write"
                + " (sum(…) or vector(0)) for each part, without by"
            return CountProblem(kind: .aggregation, range: range, problem: problem)
        }
    }

    /// What is asked for: counts of which one is taken from another differ from 0 by rounding where they are equal.
    func text(_ text: String) -> String { hasDifference ? Self.notBelowZero(text) : text }

    static func notBelowZero(_ text: String) -> String { "clamp_min(\(text), 0)" }

    static let accepted = "accepted are rate(), irate() and increase() of counters, added up with sum"
}

/// Which part of the counters' past a sample is about.
struct CountWindow: Equatable {
    /// Nil where it is known only when the query is asked.
    var range: Duration?
    /// The range as it is written.
    var text: String
    var modifiers: TimeModifiers
    /// `irate` reads two samples of the range.
    var isInstant: Bool

    static func == (left: CountWindow, right: CountWindow) -> Bool {
        let isSameRange = left.range == right.range && (left.range != nil || left.text == right.text)
        return isSameRange && left.modifiers == right.modifiers && left.isInstant == right.isInstant
    }
}

/// Why an expression is no count.
struct CountProblem: Error, Equatable {
    enum Kind: Equatable {
        /// Rates, but not put together as counts are.
        case aggregation
        case other
    }

    var kind = Kind.other
    /// Where it stands in the query.
    var range: SourceRange
    var problem: String
}

extension CountReading {
    /// - Parameter schedule: gives `${step}`, `${interval}` and `${window}` their lengths.
    init(of expression: PromQLExpression, schedule: AnalysisSchedule) throws(CountProblem) {
        self = try CountReader(schedule: schedule).read(expression)
        guard per != nil else {
            throw CountProblem(range: expression.range, problem: "counts over no time that can be told")
        }
    }
}

private struct CountReader {
    let schedule: AnalysisSchedule

    func read(_ expression: PromQLExpression) throws(CountProblem) -> CountReading {
        switch expression {
        case .parentheses(let inner, _): return try read(inner)
        case .unary(let operation) where !operation.isNegative: return try read(operation.operand)
        case .aggregation(let aggregation): return try read(aggregation)
        case .call(let call): return try read(call)
        case .binary(let operation): return try read(operation)
        case .selector(let selector): return try read(selector)
        case .unary, .number, .string, .range, .subquery:
            throw problem(expression, "is no count: \(CountReading.accepted)")
        }
    }

    private func problem(
        _ expression: PromQLExpression,
        _ text: String,
        _ kind: CountProblem.Kind = .other
    ) -> CountProblem {
        CountProblem(kind: kind, range: expression.range, problem: text)
    }

    private func read(_ aggregation: Aggregation) throws(CountProblem) -> CountReading {
        guard aggregation.aggregator == .sum else {
            let isOfCounts = (try? read(aggregation.expression)) != nil
            throw problem(
                .aggregation(aggregation),
                "\(aggregation.aggregator.rawValue) of counts is no count: sum is accepted",
                isOfCounts ? .aggregation : .other
            )
        }
        return try read(aggregation.expression)
    }

    // MARK: Functions

    private static let transparent: Set<String> = [
        "label_replace", "label_join", "sort", "sort_desc", "histogram_count",
    ]

    private func read(_ call: FunctionCall) throws(CountProblem) -> CountReading {
        switch call.function {
        case "rate", "irate", "increase": return try readChange(call)
        case "clamp_min" where call.arguments.count == 2 && call.arguments[1].isZero: return try read(call.arguments[0])
        case _ where Self.transparent.contains(call.function):
            guard let inner = call.arguments.first else { break }
            return try read(inner)
        default: break
        }
        throw problem(.call(call), "\(call.function)() gives no count: \(CountReading.accepted)")
    }

    private func readChange(_ call: FunctionCall) throws(CountProblem) -> CountReading {
        guard case .range(let range)? = call.arguments.first?.unparenthesized else {
            throw problem(
                .call(call),
                "\(call.function)() of a subquery is no count: write it of the counter itself, as in \(call.function)(x_total[1m])"
            )
        }
        try check(range.selector, in: .call(call))
        let modifiers = range.modifiers.list.isEmpty ? range.selector.modifiers : range.modifiers
        let isFixed = modifiers.list.contains { modifier in
            switch modifier {
            case .at, .atStart, .atEnd: true
            case .offset, .anchored, .smoothed: false
            }
        }
        guard !isFixed else { throw problem(.call(call), "is the same at each step: leave out @") }
        let length = range.duration.time(in: schedule)
        let isInstant = call.function == "irate"
        let window = CountWindow(
            range: length,
            text: range.duration.text,
            modifiers: modifiers,
            isInstant: isInstant
        )
        guard call.function == "increase" else { return CountReading(seconds: 1, window: window) }
        guard let length, length > .zero else {
            throw problem(
                .call(call),
                "counts over a time that is not known: write it as a time, such as [1m] or [${step}]"
            )
        }
        return CountReading(seconds: length.seconds, window: window)
    }

    private func check(_ selector: VectorSelector, in expression: PromQLExpression) throws(CountProblem) {
        guard let name = selector.metric, name.hasSuffix("_sum") else { return }
        throw problem(expression, "adds up the values of \(name.excerpt(80)), and counts nothing: use its _count")
    }

    /// What a rule has recorded is a count when its name says so: `job:http_requests:rate5m`.
    private func read(_ selector: VectorSelector) throws(CountProblem) -> CountReading {
        let name = selector.metric ?? ""
        if let recorded = RecordedChange(name) {
            let window = CountWindow(
                range: recorded.range,
                text: recorded.range.compactText,
                modifiers: selector.modifiers,
                isInstant: recorded.function == "irate"
            )
            let seconds = recorded.function == "increase" ? recorded.range.seconds : 1
            return CountReading(seconds: seconds, window: window)
        }
        let shown = name.excerpt(80)
        if PlannedQuery.isCounter(name) {
            throw problem(
                .selector(selector),
                "is the counter \(shown) as it stands, and no count of a time: write rate(\(shown)[1m]) or increase(\(shown)[1m])"
            )
        }
        throw problem(
            .selector(selector),
            "\(shown.isEmpty ? "" : "\(shown) ")is a value at a time, and no count: \(CountReading.accepted)"
        )
    }

    // MARK: Operators

    private func read(_ operation: BinaryOperation) throws(CountProblem) -> CountReading {
        let (left, right) = (operation.left, operation.right)
        switch operation.binaryOperator {
        case .or where right.isZero: return try read(left)
        case .or: return try readBoth(operation)
        case .add, .subtract:
            guard operation.matching.isPlain, left.type == .vector, right.type == .vector else { break }
            var reading = try readBoth(operation)
            let isDifference = operation.binaryOperator == .subtract
            reading.hasDifference = reading.hasDifference || isDifference
            // Without requests there is nothing to take away from.
            let parts = isDifference ? [right] : [left, right]
            let missing = parts.first { !PlannedQuery.hasFallback($0) } ?? [left, right].first { !$0.hasNoLabels }
            reading.missingPart = reading.missingPart ?? missing?.range
            return reading
        case .multiply, .divide:
            if let factor = right.factor {
                return try scaled(
                    try read(left),
                    by: operation.binaryOperator == .divide ? 1 / factor : factor,
                    operation
                )
            }
            if operation.binaryOperator == .multiply, let factor = left.factor {
                return try scaled(try read(right), by: factor, operation)
            }
            guard operation.binaryOperator == .multiply || left.type == .scalar || right.type == .scalar else {
                throw problem(.binary(operation), "is a quotient, and no count: \(CountReading.accepted)")
            }
        // Steps without a count are left out.
        case .greater where right.isZero && !operation.returnsBool: return try read(left)
        default: break
        }
        throw problem(
            .binary(operation),
            "\(operation.binaryOperator.rawValue) gives no count here: \(CountReading.accepted)"
        )
    }

    private func readBoth(_ operation: BinaryOperation) throws(CountProblem) -> CountReading {
        var left = try read(operation.left)
        let right = try read(operation.right)
        guard left.fits(right) else {
            throw problem(
                .binary(operation),
                "puts counts of different times together: use the same function and the same range"
            )
        }
        left.hasDifference = left.hasDifference || right.hasDifference
        left.missingPart = left.missingPart ?? right.missingPart
        return left
    }

    private func scaled(
        _ reading: CountReading,
        by factor: Double,
        _ operation: BinaryOperation
    ) throws(CountProblem) -> CountReading {
        guard factor > 0, factor.isFinite else {
            throw problem(.binary(operation), "gives no count: a factor above 0 is accepted")
        }
        var scaled = reading
        scaled.seconds *= factor
        return scaled
    }
}

/// The function and the range in the name of what a rule has recorded, by Prometheus' convention `level:metric:operations`.
private struct RecordedChange {
    let function: String
    let range: Duration

    init?(_ name: String) {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let operation = parts.last, !parts[1].hasSuffix("_sum") else { return nil }
        // Sums are left out of names by the convention, or stand before the function.
        let change = operation.hasPrefix("sum_") ? operation.dropFirst("sum_".count) : operation
        for function in ["rate", "irate", "increase"] where change.hasPrefix(function) {
            guard let range = Duration(compactText: String(change.dropFirst(function.count))), range > .zero else {
                continue
            }
            (self.function, self.range) = (function, range)
            return
        }
        return nil
    }
}

extension PromQLExpression {
    /// One series without any label, so that `vector(0)` can stand for it.
    var hasNoLabels: Bool {
        switch unparenthesized {
        case .aggregation(let aggregation):
            switch aggregation.grouping {
            case nil: !aggregation.aggregator.keepsSeries
            case .by(let labels): labels.isEmpty && !aggregation.aggregator.keepsSeries
            case .without: false
            }
        case .binary(let operation):
            (operation.left.type == .scalar || operation.left.hasNoLabels)
                && (operation.right.type == .scalar || operation.right.hasNoLabels)
        case .call(let call):
            call.function == "vector" || call.function == "clamp_min" && (call.arguments.first?.hasNoLabels ?? false)
        default: false
        }
    }

    /// The number that it is wherever it stands: `100`, `(1e2)`; nil for anything else.
    var factor: Double? {
        switch self {
        case .number(let literal): literal.value
        case .parentheses(let inner, _): inner.factor
        case .unary(let operation): operation.operand.factor.map { operation.isNegative ? -$0 : $0 }
        case .binary(let operation):
            operation.left.factor.flatMap { left in
                operation.right.factor.flatMap { right in
                    switch operation.binaryOperator {
                    case .multiply: left * right
                    case .divide: left / right
                    default: nil
                    }
                }
            }
        default: nil
        }
    }

    /// 0 at each step: `0`, `vector(0)`, `0 * x`.
    var isZero: Bool {
        switch self {
        case .parentheses(let inner, _): inner.isZero
        case .call(let call): call.function == "vector" && call.arguments.first?.factor == 0
        case .binary(let operation) where operation.binaryOperator == .multiply:
            operation.left.factor == 0 || operation.right.factor == 0
        default: factor == 0
        }
    }
}

extension DurationExpression {
    /// Nil where it is known only when the query is asked.
    func time(in schedule: AnalysisSchedule) -> Duration? {
        switch self {
        case .literal: milliseconds.map { .milliseconds($0) }
        case .placeholder("step"): schedule.step
        case .placeholder("interval"): schedule.interval
        case .placeholder("window"): schedule.step * schedule.samplesAtLastLook
        case .parentheses(let inner): inner.time(in: schedule)
        case .placeholder, .negated, .binary, .call: nil
        }
    }
}
