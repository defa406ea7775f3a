import Analysis
import StoredFormats

@testable import Postgres
@testable import Store

extension FuzzTarget {
    /// Four bytes of the type's number, then a field as the server sends it: what is decoded can be sent back.
    static let postgresValue = FuzzTarget("postgres-value", maximumBytes: 512) { bytes in
        let type = PostgresType(oid: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        let field = Array(bytes.dropFirst(4))
        try PostgresProperties.check(Bool.self, type, field)
        try PostgresProperties.check(Int16.self, type, field)
        try PostgresProperties.check(Int32.self, type, field)
        try PostgresProperties.check(Int64.self, type, field)
        try PostgresProperties.check(Int.self, type, field)
        try PostgresProperties.check(Double.self, type, field)
        try PostgresProperties.check(String.self, type, field)
        try PostgresProperties.check(PostgresBytes.self, type, field)
        try PostgresProperties.check(PostgresJSON.self, type, field)
        try PostgresProperties.check(PostgresTimestamp.self, type, field)
        try PostgresProperties.check([Int32].self, type, field)
        try PostgresProperties.check([Int64?].self, type, field)
        try PostgresProperties.check([String?].self, type, field)
        try PostgresProperties.check([PostgresBytes].self, type, field)
        try PostgresProperties.check([Double].self, type, field)
    }

    /// Connection strings: what is shown of one never holds its password.
    static let postgresAddress = FuzzTarget("postgres-address", maximumBytes: 512, dictionary: "postgres") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let configuration = try PostgresConfiguration(connectionString: text)
            _ = try configuration.parameters()
            guard let password = configuration.options["password"], password.utf8.count >= 4 else { return }
            let others = configuration.options.filter { $0.key != "password" }.values
            if !others.contains(where: { $0.contains(password) }), !"postgres://?service=".contains(password) {
                try require(
                    !configuration.redacted.contains(password),
                    "a password is shown: \(configuration.redacted)"
                )
            }
        } catch let error as PostgresError {
            try requireCleanLine(error.description)
        }
    }

    /// Samples as they are kept in the store.
    static let sampleBlocks = FuzzTarget("sample-blocks", maximumBytes: 512) { bytes in
        guard let blocks = try? SampleBlockCodec.decode(bytes, session: "s") else { return }
        let written = SampleBlockCodec.encode(blocks)
        let again = try SampleBlockCodec.decode(written, session: "s")
        // NaN is not equal to itself, so the bytes are compared.
        try require(SampleBlockCodec.encode(again) == written, "samples change when they are kept")
        let values = blocks.reduce(0) { $0 + $1.values.count }
        try require(values <= bytes.count / 8, "\(bytes.count) bytes hold \(values) values")
    }
}

enum PostgresProperties {
    static func check<Value: PostgresDecodable & PostgresEncodable>(
        _: Value.Type,
        _ type: PostgresType,
        _ field: [UInt8]
    ) throws {
        func read(_ type: PostgresType, _ bytes: [UInt8]) throws -> Value {
            try bytes.withUnsafeBytes { bytes in try Value.decode(PostgresCell(type: type, bytes: bytes)) }
        }
        guard let value = try? read(type, field) else { return }
        var written: [UInt8] = []
        // A text or document with a NUL byte does not come from a server, and cannot be sent to one.
        do throws(PostgresError) { try value.encode(to: &written) } catch { return }
        var again: [UInt8] = []
        try read(Value.postgresType, written).encode(to: &again)
        try require(again == written, "a value of \(Value.self) changes on its way to the server and back")
    }
}
