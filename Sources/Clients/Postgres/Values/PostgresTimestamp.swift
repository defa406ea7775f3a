/// An instant (`timestamptz`), to the microsecond.
package struct PostgresTimestamp: Sendable, Hashable, Comparable, PostgresArrayElement {
    package var microsecondsSinceUnixEpoch: Int64

    /// From 1970 to 2000, where Postgres begins to count.
    private static let epoch: Int64 = 946_684_800_000_000

    package init(microsecondsSinceUnixEpoch: Int64) {
        self.microsecondsSinceUnixEpoch = microsecondsSinceUnixEpoch
    }

    package static var postgresType: PostgresType { .timestamptz }
    package static var postgresArrayType: PostgresType { .timestamptzArray }

    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microsecondsSinceUnixEpoch < right.microsecondsSinceUnixEpoch
    }

    package func encode(to bytes: inout [UInt8]) throws(PostgresError) {
        let (value, overflow) = self.microsecondsSinceUnixEpoch.subtractingReportingOverflow(Self.epoch)
        // The smallest and the largest number stand for the infinities.
        guard !overflow, value != .min, value != .max else {
            throw .encoding("A time is out of the range that Postgres can store.")
        }
        bytes.append(integer: value)
    }

    /// The infinities are out of range.
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> PostgresTimestamp {
        var reader = try cell.bytes(of: .timestamptz, .timestamp)
        let value: Int64 = try reader.integer()
        try reader.finish()
        let (microseconds, overflow) = value.addingReportingOverflow(Self.epoch)
        guard !overflow, value != .min, value != .max else { throw .range }
        return PostgresTimestamp(microsecondsSinceUnixEpoch: microseconds)
    }
}
