import Analysis
import Foundation
import Testing

@Suite("Timestamp as RFC 3339") struct TimestampRFC3339Tests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2026-11-21T10:15:30.25Z", 1_795_256_130_250), ("2026-11-21t10:15:30.2z", 1_795_256_130_200),
            ("2026-11-21 10:15:30Z", 1_795_256_130_000), ("2026-11-21T10:15:30.123456789Z", 1_795_256_130_123),
            ("2026-11-21T11:15:30+01:00", 1_795_256_130_000), ("2026-11-21T04:45:30-05:30", 1_795_256_130_000),
            ("2026-11-21T10:15:30+00:00", 1_795_256_130_000), ("2026-11-21T10:15:30-00:00", 1_795_256_130_000),
            ("2027-01-01T00:30:00+01:00", 1_798_759_800_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000),
        ])
    func parses(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "Text that is no time is refused",
        arguments: [
            "", "Z", "2026", "2026-11-21", "10:15:30Z", "2026-11-21T10:15:30", "2026-11-21T10:15Z", "2026-11-21T10Z",
            "2026-1-21T10:15:30Z", "2026-11-21T1:15:30Z", "26-11-21T10:15:30Z", "+2026-11-21T10:15:30Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
            "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-02-30T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:15:61Z",
            "2026-11-21T10:15:30.Z", "2026-11-21T10:15:30,5Z", "2026-11-21T10:15:30.5", "2026-11-21T10:15:30 Z",
            "2026-11-21T10:15:30+1:00", "2026-11-21T10:15:30+0100", "2026-11-21T10:15:30+24:00",
            "2026-11-21T10:15:30+01:60", "2026-11-21T10:15:30+01", "2026-11-21T10:15:30Zx", "x2026-11-21T10:15:30Z",
            " 2026-11-21T10:15:30Z", "2026-11-21T10:15:30Z ", "2026/11/21T10:15:30Z", "２026-11-21T10:15:30Z",
            "2026-11-21T10:15:30.0000000000000000000Z followed by more", "2026-11-21T10:15:30\u{301}Z",
            "2026-11-21T10:15:30." + String(repeating: "0", count: 60) + "Z", "9999-12-31T23:59:59-00:01",
            "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("What is written is read again, and agrees with Foundation", arguments: 0..<400)
    func roundTrip(index: Int) throws {
        // Every 37 days and some: meets each month, leap years and both sides of 1970.
        let time = Timestamp(milliseconds: -5_000_000_000_000 + Int64(index) * 40_123_456_789)
        #expect(Timestamp(rfc3339: time.rfc3339) == time)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let date = try style.parse(time.rfc3339)
        #expect(Int64((date.timeIntervalSince1970 * 1000).rounded()) == time.milliseconds)
    }

    @Test("Times out of the format's reach are written as its ends")
    func extremes() {
        #expect(Timestamp(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
    }

    @Test func codable() throws {
        let time = Timestamp(milliseconds: 1_795_256_130_250)
        let data = try JSONEncoder().encode([time])
        #expect(String(decoding: data, as: UTF8.self) == #"["2026-11-21T10:15:30.250Z"]"#)
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [time])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Timestamp].self, from: Data(#"["now"]"#.utf8)) }
    }
}
