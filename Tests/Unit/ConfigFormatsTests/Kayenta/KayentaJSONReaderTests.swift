import Testing

@testable import ConfigFormats

@Suite struct KayentaJSONReaderTests {
    @Test(
        arguments: [
            ("1", .int(1)), ("-0", .int(0)), ("2147483647", .int(.max)), ("2147483648", .long(2_147_483_648)),
            ("1.0", .double(1)), ("1e3", .double(1_000)), ("-1.5E-2", .double(-0.015)), ("1e999", .double(.infinity)),
            ("123456789012345678901234567890", .long(1.2345678901234568e29)), ("true", .bool(true)),
            ("false", .bool(false)), (" null\t", .null), (#""a\u00e9\ud83d\ude00\n\/""#, .string("aé😀\n/")),
            (#""\ud83d""#, .string("\u{fffd}")), (#""\ud83d\u0041""#, .string("\u{fffd}A")), ("[]", .array([])),
            ("[1, [2.0]]", .array([.int(1), .array([.double(2)])])), ("{}", .object([:])),
            (#"{"a" : 1, "b":{"c":null}, "a":2}"#, .object(["a": .int(2), "b": .object(["c": .null])])),
        ] as [(String, KayentaJSON)]
    )
    func reads(text: String, expected: KayentaJSON) throws {
        #expect(try KayentaJSONReader.read(text) == expected)
    }

    @Test(arguments: [
        "", " ", "tru", "nul", "01", "-", "1.", ".5", "1e", "+1", "NaN", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"a\nb\"", "[1", "[1,]", "[,1]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "1 2", "[1] x", "{\"a\":1",
        "\u{feff}1", "'a'",
    ])
    func refuses(text: String) {
        let error = #expect(throws: KayentaError.self) { try KayentaJSONReader.read(text) }
        #expect(error?.description.hasPrefix("The line is not JSON: ") == true)
    }

    @Test func boundsTheDepth() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(try KayentaJSONReader.read(deep(64)) != .null)
        #expect(throws: KayentaError.self) { try KayentaJSONReader.read(deep(65)) }
        #expect(throws: KayentaError.self) { try KayentaJSONReader.read(String(repeating: "[", count: 1_000_000)) }
    }
}

@Suite struct KayentaJSONCoercionTests {
    @Test(
        arguments: [
            (.null, 0), (.int(-3), -3), (.long(1e10), 1e10), (.double(0.5), 0.5), (.string("95"), 95),
            (.string(" 1.5e2\n"), 150), (.string("+1"), 1), (.string(""), 0), (.string("Infinity"), .infinity),
            (.string("-INF"), -.infinity), (.string(".5"), 0.5), (.string("1."), 1),
        ] as [(KayentaJSON, Double)]
    )
    func readsNumbers(value: KayentaJSON, expected: Double) throws {
        #expect(try value.number("x") == expected)
    }

    @Test(arguments: ["x", "inf", "nan", "0x10", "1 2", "--1", "e", "1e"])
    func refusesOtherTexts(text: String) {
        #expect(throws: KayentaError.self) { try KayentaJSON.string(text).number("x") }
    }
}
