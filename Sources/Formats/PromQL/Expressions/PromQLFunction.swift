/// A function of PromQL: its arguments and its result. The table is that of Prometheus' `promql/parser/functions.go`, with
/// the functions that need a feature flag, and with those of older versions that have another name now.
package struct PromQLFunction: Sendable {
    package let name: String
    let arguments: [PromQLType]
    /// How many of the last arguments may be left out or added: 0 for none, nil for any number more.
    let optional: Int?
    package let result: PromQLType

    private init(_ name: String, _ arguments: [PromQLType], optional: Int? = 0, _ result: PromQLType = .vector) {
        self.name = name
        self.arguments = arguments
        self.optional = optional
        self.result = result
    }

    package static func named(_ name: String) -> PromQLFunction? { table[name] }

    static var names: [String] { table.keys.sorted() }

    /// How many arguments a call may have.
    var accepted: ClosedRange<Int> {
        switch optional {
        case 0: arguments.count...arguments.count
        case let optional?: (arguments.count - 1)...(arguments.count - 1 + optional)
        case nil: (arguments.count - 1)...Int.max
        }
    }

    func type(ofArgument index: Int) -> PromQLType { arguments[min(index, arguments.count - 1)] }

    private static let table: [String: PromQLFunction] = {
        let all = ofVector + ofRange + ofTime + others
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()

    private static let ofVector =
        [
            "abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg", "exp",
            "floor", "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum", "ln",
            "log10", "log2", "rad", "sgn", "sin", "sinh", "sort", "sort_desc", "sqrt", "start_timestamp", "tan", "tanh",
            "timestamp",
        ].map { PromQLFunction($0, [.vector]) }
        + [
            PromQLFunction("clamp", [.vector, .scalar, .scalar]), PromQLFunction("clamp_max", [.vector, .scalar]),
            PromQLFunction("clamp_min", [.vector, .scalar]),
            PromQLFunction("histogram_fraction", [.scalar, .scalar, .vector]),
            PromQLFunction("histogram_quantile", [.scalar, .vector]),
            PromQLFunction("histogram_quantiles", [.vector, .string, .scalar, .scalar], optional: 9),
            PromQLFunction("info", [.vector, .vector], optional: 1),
            PromQLFunction("label_join", [.vector, .string, .string, .string], optional: nil),
            PromQLFunction("label_replace", [.vector, .string, .string, .string, .string]),
            PromQLFunction("round", [.vector, .scalar], optional: 1), PromQLFunction("scalar", [.vector], .scalar),
            PromQLFunction("sort_by_label", [.vector, .string], optional: nil),
            PromQLFunction("sort_by_label_desc", [.vector, .string], optional: nil),
        ]

    private static let ofRange =
        [
            "absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv", "first_over_time",
            "idelta", "increase", "irate", "last_over_time", "mad_over_time", "max_over_time", "min_over_time",
            "present_over_time", "rate", "resets", "stddev_over_time", "stdvar_over_time", "sum_over_time",
            "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time",
        ].map { PromQLFunction($0, [.matrix]) }
        + [
            PromQLFunction("double_exponential_smoothing", [.matrix, .scalar, .scalar]),
            PromQLFunction("holt_winters", [.matrix, .scalar, .scalar]),
            PromQLFunction("predict_linear", [.matrix, .scalar]),
            PromQLFunction("quantile_over_time", [.scalar, .matrix]),
        ]

    private static let ofTime = [
        "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year",
    ].map { PromQLFunction($0, [.vector], optional: 1) }

    private static let others =
        [
            PromQLFunction("vector", [.scalar]), PromQLFunction("max_of", [.scalar, .scalar], .scalar),
            PromQLFunction("min_of", [.scalar, .scalar], .scalar),
        ] + ["end", "pi", "range", "start", "step", "time"].map { PromQLFunction($0, [], .scalar) }
}
