package import Analysis
package import JSON

/// Why an execution ended without a result, as Orca tells exceptions of its tasks.
package enum CanaryFailure {
    package static func exception(
        _ message: String,
        type: String = "IllegalArgumentException",
        in operation: String,
        at now: Timestamp
    ) -> JSONValue {
        .object([
            "exceptionType": .string(type), "operation": .string(operation),
            "details": .object([
                "error": .string("Unexpected Task Failure"), "errors": .array([.string(message)]),
            ]),
            "shouldRetry": .bool(false), "timestamp": .integer(Int(now.milliseconds)),
        ])
    }

    static let canceled = JSONValue.object([
        "details": .object(["errors": .array([.string("Canary execution was canceled.")])])
    ])
}
