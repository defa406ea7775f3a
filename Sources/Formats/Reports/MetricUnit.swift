import PromQL

/// The unit in which a metric's samples are counted, as far as its query tells: by the names that Prometheus recommends
/// (`…_seconds`, `…_bytes`, `…_ratio`), and by what the query does with them.
package enum MetricUnit: String, Sendable, Equatable, Codable {
    /// A share of a whole, 0 to 1.
    case ratio
    case seconds
    case bytes
    case perSecond
    case bytesPerSecond
    /// Just numbers; also where the query does not tell.
    case plain

    /// - Parameter query: as it was asked, or as a plan writes it.
    package init(ofQuery query: String?) {
        guard let query, let expression = try? PromQLParser.parse(template: query) else {
            self = .plain
            return
        }
        self.init(of: expression)
    }

    /// The unit of what a query gives; the unit of a histogram's bounds, where it asks for its buckets, else the same; and
    /// whether it gives those buckets, one series a bound.
    static func all(ofQuery query: String?) -> (unit: MetricUnit, ofBounds: MetricUnit, isOfBuckets: Bool) {
        guard let query, let expression = try? PromQLParser.parse(template: query) else {
            return (.plain, .plain, false)
        }
        let dimension = QueryDimension(of: expression)
        let unit = MetricUnit(of: dimension)
        return switch dimension {
        case .buckets(.seconds): (unit, .seconds, true)
        case .buckets(.bytes): (unit, .bytes, true)
        case .buckets(.things): (unit, .plain, true)
        case .amount, .ratio, .constant, .unknown: (unit, unit, false)
        }
    }

    init(of expression: PromQLExpression) { self.init(of: QueryDimension(of: expression)) }

    private init(of dimension: QueryDimension) {
        self =
            switch dimension {
            case .ratio: .ratio
            case .amount(.things, perSecond: true): .perSecond
            case .amount(.seconds, perSecond: false): .seconds
            case .amount(.bytes, perSecond: false): .bytes
            case .amount(.bytes, perSecond: true): .bytesPerSecond
            case .amount, .buckets, .constant, .unknown: .plain
            }
    }
}

/// What an expression counts. Where that is not certain it is unknown: a number without a unit does not mislead.
private enum QueryDimension: Equatable {
    enum Amount: Equatable {
        case things
        case seconds
        case bytes
    }

    case amount(Amount, perSecond: Bool)
    case ratio
    /// Buckets of a histogram of such amounts.
    case buckets(Amount)
    /// A number, which takes the unit of what it is added to.
    case constant
    case unknown

    init(of expression: PromQLExpression) {
        self =
            switch expression {
            case .number: .constant
            case .string: .unknown
            case .selector(let selector): Self.named(selector.metric)
            case .range(let range): Self.named(range.selector.metric)
            case .subquery(let subquery): QueryDimension(of: subquery.expression)
            case .parentheses(let inner, _): QueryDimension(of: inner)
            case .unary(let operation): QueryDimension(of: operation.operand)
            case .call(let call): Self.result(of: call)
            case .aggregation(let aggregation): Self.result(of: aggregation)
            case .binary(let operation): Self.result(of: operation)
            }
    }

    /// A recorded name (`level:metric:operations`) says nothing about its unit.
    private static func named(_ metric: String?) -> QueryDimension {
        guard var name = metric?[...], !name.contains(":") else { return .unknown }
        var isBucket = false
        if name.hasSuffix("_count") { return .amount(.things, perSecond: false) }
        for suffix in ["_total", "_sum", "_bucket"] where name.hasSuffix(suffix) {
            isBucket = suffix == "_bucket"
            name.removeLast(suffix.count)
        }
        if name.hasSuffix("_ratio") { return isBucket ? .unknown : .ratio }
        let amount: Amount =
            name.hasSuffix("_seconds") ? .seconds : name.hasSuffix("_bytes") ? .bytes : .things
        if isBucket { return .buckets(amount) }
        // A gauge such as `…_celsius` or `…_milliseconds` has a unit of its own.
        return amount == .things && !(metric?.hasSuffix("_total") ?? false)
            ? .unknown : .amount(amount, perSecond: false)
    }

    private static func result(of call: FunctionCall) -> QueryDimension {
        let arguments = call.arguments.map { QueryDimension(of: $0) }
        switch call.function {
        case "rate", "irate":
            switch arguments.first {
            case .amount(let amount, perSecond: false)?: return .amount(amount, perSecond: true)
            case .buckets(let amount)?: return .buckets(amount)
            default: return .unknown
            }
        case "increase", "delta", "idelta", "avg_over_time", "min_over_time", "max_over_time", "last_over_time",
            "first_over_time", "stddev_over_time", "abs", "clamp", "clamp_max", "clamp_min", "round", "label_replace",
            "label_join", "sort", "sort_desc", "scalar", "vector":
            return arguments.first ?? .unknown
        case "quantile_over_time": return arguments.last ?? .unknown
        case "histogram_quantile":
            guard case .buckets(let amount)? = arguments.last, amount != .things else { return .unknown }
            return .amount(amount, perSecond: false)
        default: return .unknown
        }
    }

    private static func result(of aggregation: Aggregation) -> QueryDimension {
        switch aggregation.aggregator {
        case .sum, .avg, .min, .max, .topk, .bottomk, .quantile, .stddev, .limitk, .limitRatio:
            QueryDimension(of: aggregation.expression)
        case .count, .group, .stdvar, .countValues: .unknown
        }
    }

    private static func result(of operation: BinaryOperation) -> QueryDimension {
        let left = QueryDimension(of: operation.left)
        let right = QueryDimension(of: operation.right)
        switch operation.binaryOperator {
        case .add, .subtract, .or:
            if left == .constant { return right }
            return right == .constant || left == right ? left : .unknown
        case .and, .unless: return left
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
            return operation.returnsBool ? .unknown : left == .constant ? right : left
        case .divide: return quotient(operation, left, right)
        case .multiply, .modulo, .power, .atan2, .trimUpper, .trimLower: return .unknown
        }
    }

    private static func quotient(
        _ operation: BinaryOperation,
        _ left: QueryDimension,
        _ right: QueryDimension
    ) -> QueryDimension {
        guard case .amount(let above, let isRate) = left, case .amount(let below, isRate) = right else {
            return .unknown
        }
        // Errors of requests are a share of them; queries of requests are not.
        let names = Set((operation.left.selectors + operation.right.selectors).map(\.metric))
        if names.count == 1, names.first != .some(nil), above == below { return .ratio }
        return below == .things && above != .things ? .amount(above, perSecond: false) : .unknown
    }
}
