/// How a transaction is run.
package struct PostgresTransactionOptions: Sendable, Equatable {
    package enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case serializable = "SERIALIZABLE"
    }

    package var isolation: Isolation
    package var isReadOnly: Bool
    /// How often it is run again when others were in the way.
    package var retries: Int
    /// The longest pause before the first retry; doubled from retry to retry.
    package var pause: Duration

    package init(
        isolation: Isolation = .readCommitted,
        isReadOnly: Bool = false,
        retries: Int = 5,
        pause: Duration = .milliseconds(10)
    ) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
        self.retries = retries
        self.pause = pause
    }

    package static let readOnly = PostgresTransactionOptions(isReadOnly: true)

    var begin: String {
        "BEGIN ISOLATION LEVEL \(self.isolation.rawValue) \(self.isReadOnly ? "READ ONLY" : "READ WRITE")"
    }
}
