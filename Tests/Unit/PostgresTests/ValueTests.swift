import SeededRandom
import Testing

@testable import Postgres

/// Encoding and decoding, without a server.
@Suite struct ValueTests {
    private static func roundTrip<Value: PostgresEncodable & PostgresDecodable>(_ value: Value) throws -> Value {
        guard !value.isPostgresNull else { return try Value.decode(PostgresCell(type: Value.postgresType, bytes: nil)) }
        var bytes: [UInt8] = []
        try value.encode(to: &bytes)
        return try bytes.withUnsafeBytes { try Value.decode(PostgresCell(type: Value.postgresType, bytes: $0)) }
    }

    @Test func scalarsComeBack() throws {
        for value in [true, false] { #expect(try Self.roundTrip(value) == value) }
        for value in [Int16.min, -1, 0, 1, .max] { #expect(try Self.roundTrip(value) == value) }
        for value in [Int32.min, -1, 0, 1, .max] { #expect(try Self.roundTrip(value) == value) }
        for value in [Int64.min, -1, 0, 1, .max] as [Int64] { #expect(try Self.roundTrip(value) == value) }
        for value in [Int.min, -1, 0, 1, .max] { #expect(try Self.roundTrip(value) == value) }
        for value in ["", "a", "ä\u{1F600}\"'\\,{}", "NULL"] { #expect(try Self.roundTrip(value) == value) }
        for value in [Double.infinity, -.infinity, .nan, -0.0, .leastNonzeroMagnitude, .pi] {
            #expect(try Self.roundTrip(value).bitPattern == value.bitPattern)
        }
        for value in [0, -1, 1_700_000_000_123_456, 946_684_800_000_000] as [Int64] {
            let instant = PostgresTimestamp(microsecondsSinceUnixEpoch: value)
            #expect(try Self.roundTrip(instant) == instant)
        }
        #expect(try Self.roundTrip(PostgresBytes([0, 255, 1])) == PostgresBytes([0, 255, 1]))
        #expect(try Self.roundTrip(PostgresJSON(#"{"a":1}"#.utf8)) == PostgresJSON(#"{"a":1}"#.utf8))
        #expect(try Self.roundTrip(Int64?.none) == nil)
        #expect(try Self.roundTrip(Int64?.some(4)) == 4)
    }

    @Test func randomArraysComeBack() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let count = Int.random(in: 0...40, using: &random)
            let numbers = (0..<count).map { _ in
                Bool.random(using: &random) ? Int64.random(in: .min ... .max, using: &random) : nil
            }
            #expect(try Self.roundTrip(numbers) == numbers)
            let texts = numbers.map { number in number.map { String($0, radix: 36) } ?? "" }
            #expect(try Self.roundTrip(texts) == texts)
            let bytes = texts.map { PostgresBytes($0.utf8) }
            #expect(try Self.roundTrip(bytes) == bytes)
            let doubles = numbers.map { number in number.map { Double(bitPattern: UInt64(bitPattern: $0)) } }
            #expect(try Self.roundTrip(doubles).map { $0?.bitPattern } == doubles.map { $0?.bitPattern })
            let flags = numbers.map { $0 == nil }
            #expect(try Self.roundTrip(flags) == flags)
        }
    }

    @Test func whatPostgresCannotStoreIsRefused() throws {
        var bytes: [UInt8] = []
        #expect(throws: PostgresError.self) { try "a\0b".encode(to: &bytes) }
        #expect(throws: PostgresError.self) { try ["a", "b\0"].encode(to: &bytes) }
        #expect(throws: PostgresError.self) { try PostgresJSON([0]).encode(to: &bytes) }
        for value in [Int64.min, Int64.min + 946_684_800_000_000] {
            #expect(throws: PostgresError.self) {
                try PostgresTimestamp(microsecondsSinceUnixEpoch: value).encode(to: &bytes)
            }
        }
        #expect(throws: PostgresError.self) { try EncodedStatement("SELECT 1\0") }
        #expect(throws: PostgresError.self) {
            try EncodedStatement(PostgresStatement("SELECT 1", parameters: Array(repeating: 1, count: 65536)))
        }
    }

    @Test func smallerNumbersAreRead() throws {
        #expect(try decode(Int64.self, .int2, [0xFF, 0xFE]) == -2)
        #expect(try decode(Int64.self, .int4, [0, 1, 0, 0]) == 65536)
        #expect(try decode(Double.self, .float4, [0x3F, 0x80, 0, 0]) == 1)
        #expect(throws: PostgresDecodingFault.range) { try decode(Int16.self, .int4, [0, 1, 0, 0]) }
    }

    @Test func faultsAreTyped() throws {
        #expect(throws: PostgresDecodingFault.null) { try decode(Int64.self, .int8, nil) }
        #expect(throws: PostgresDecodingFault.type(.text)) { try decode(Int64.self, .text, [1]) }
        #expect(throws: PostgresDecodingFault.malformed) { try decode(Int64.self, .int8, [1, 2, 3]) }
        #expect(throws: PostgresDecodingFault.malformed) {
            try decode(Int64.self, .int8, Array(repeating: 0, count: 9))
        }
        #expect(throws: PostgresDecodingFault.malformed) { try decode(String.self, .text, [0xFF]) }
        #expect(throws: PostgresDecodingFault.malformed) { try decode(Bool.self, .bool, [2]) }
        #expect(throws: PostgresDecodingFault.range) {
            try decode(PostgresTimestamp.self, .timestamptz, [0x7F] + Array(repeating: 0xFF, count: 7))
        }
        // An array that says it has two thousand million elements.
        #expect(throws: PostgresDecodingFault.malformed) {
            try decode(
                [Int64].self,
                .int8Array,
                [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0x7F, 255, 255, 255, 0, 0, 0, 1]
            )
        }
        // NULL inside of an array whose elements are not Optional.
        var bytes: [UInt8] = []
        try [Int64?.none].encode(to: &bytes)
        #expect(throws: PostgresDecodingFault.null) { try decode([Int64].self, .int8Array, bytes) }
    }

    /// Nothing that a server could send may trap.
    @Test func randomBytesNeverTrap() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Every other one looks like an array at its beginning.
            if round.isMultiple(of: 2), bytes.count >= 12 {
                bytes.replaceSubrange(0..<11, with: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
                bytes[11] = [16, 17, 20, 21, 23, 25].randomElement(using: &random) ?? 0
                if bytes.count >= 16 { bytes.replaceSubrange(12..<15, with: [0, 0, 0]) }
            }
            let type = Self.types[round / 2 % Self.types.count]
            self.decodeAll(PostgresCell(type: type, bytes: nil), bytes)
        }
    }

    private static let types: [PostgresType] = [
        .bool, .bytea, .int8, .int2, .int4, .text, .json, .float4, .float8, .timestamptz, .jsonb, .int8Array,
        PostgresType(oid: 99_999),
    ]

    private func decodeAll(_ cell: PostgresCell, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var cell = cell
            cell.bytes = bytes
            func attempt<Value: PostgresDecodable>(_: Value.Type) { _ = try? Value.decode(cell) }
            attempt(Bool.self)
            attempt(Int16.self)
            attempt(Int32.self)
            attempt(Int64.self)
            attempt(Int.self)
            attempt(Double.self)
            attempt(String.self)
            attempt(PostgresBytes.self)
            attempt(PostgresJSON.self)
            attempt(PostgresTimestamp.self)
            attempt([Bool].self)
            attempt([Int64?].self)
            attempt([String?].self)
            attempt([PostgresBytes].self)
            attempt([Double].self)
            attempt([PostgresTimestamp].self)
        }
    }

    private func decode<Value: PostgresDecodable>(
        _: Value.Type,
        _ type: PostgresType,
        _ bytes: [UInt8]?
    ) throws -> Value {
        guard let bytes else { return try Value.decode(PostgresCell(type: type, bytes: nil)) }
        return try bytes.withUnsafeBytes { try Value.decode(PostgresCell(type: type, bytes: $0)) }
    }
}
