/// A statement with its parameters `$1`, `$2`…, which are sent beside the text and never become part of it.
package struct PostgresStatement: Sendable {
    package var sql: String
    package var parameters: [any PostgresEncodable]

    package init(_ sql: String, _ parameters: any PostgresEncodable...) {
        self.sql = sql
        self.parameters = parameters
    }

    package init(_ sql: String, parameters: [any PostgresEncodable]) {
        self.sql = sql
        self.parameters = parameters
    }
}

extension PostgresStatement: ExpressibleByStringLiteral {
    package init(stringLiteral sql: String) {
        self.init(sql, parameters: [])
    }
}

/// A statement whose parameters are bytes.
struct EncodedStatement {
    /// The protocol counts parameters in 16 bits.
    static let maximumParameters = 65535

    let key: StatementKey
    /// All parameters, one after the other; at least one byte, so that there is an address.
    private(set) var bytes: [UInt8] = []
    /// Where each parameter stands; nil for NULL.
    private(set) var ranges: [Range<Int>?] = []

    init(_ statement: PostgresStatement) throws(PostgresError) {
        guard !statement.sql.utf8.contains(0) else { throw .encoding("A statement holds a NUL character.") }
        guard statement.parameters.count <= Self.maximumParameters else {
            throw .encoding("A statement has more than \(Self.maximumParameters) parameters.")
        }
        self.key = StatementKey(sql: statement.sql, types: statement.parameters.map { type(of: $0).postgresType })
        for parameter in statement.parameters {
            guard !parameter.isPostgresNull else {
                self.ranges.append(nil)
                continue
            }
            let start = self.bytes.count
            try parameter.encode(to: &self.bytes)
            self.ranges.append(start..<self.bytes.count)
        }
        self.bytes.append(0)
        guard Int32(exactly: self.bytes.count) != nil else {
            throw .encoding("The parameters of a statement are larger than Postgres takes.")
        }
    }
}
