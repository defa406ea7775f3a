import JSON
import Testing

@testable import JudgeInputs

@Suite struct KayentaValueTests {
    @Test(
        arguments: [
            ("1", "a whole number"), ("-0", "a whole number"), ("2147483647", "a whole number"),
            ("2147483648", "a whole number of more than 32 bits"), ("1.0", "a number"), ("1e3", "a number"),
            ("-1.5E-2", "a number"), ("1e999", "a number"),
            ("123456789012345678901234567890", "a whole number of more than 32 bits"), ("true", "a boolean"),
            (" null\t", "null"), ("[1]", "a list"), ("{}", "an object"), ("\"\"", "a text"),
        ]
    )
    func tellsJavasTypes(text: String, expected: String) throws {
        #expect(try JSONValue.kayenta(text).kayentaKind == expected)
    }

    @Test(
        arguments: [
            (#""a\u00e9\ud83d\ude00\n\/""#, .string("aé😀\n/")), (#""\ud83d""#, .string("\u{fffd}")),
            (#""\ud83d\u0041""#, .string("\u{fffd}A")), (#"{"a" : 1, "a":2}"#, .object(["a": .number("2")])),
        ] as [(String, JSONValue)]
    )
    func readsAsJavaDoes(text: String, expected: JSONValue) throws {
        #expect(try JSONValue.kayenta(text) == expected)
    }

    @Test(arguments: [
        "", " ", "tru", "nul", "01", "-", "1.", ".5", "1e", "+1", "NaN", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"a\nb\"", "[1", "[1,]", "[,1]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "1 2", "[1] x", "{\"a\":1",
        "\u{feff}1", "'a'",
    ])
    func refuses(text: String) {
        let error = #expect(throws: KayentaError.self) { try JSONValue.kayenta(text) }
        #expect(error?.description.hasPrefix("The line is not JSON: ") == true)
    }

    @Test func boundsTheDepth() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(try JSONValue.kayenta(deep(64)) != .null)
        #expect(throws: KayentaError.self) { try JSONValue.kayenta(deep(65)) }
        #expect(throws: KayentaError.self) { try JSONValue.kayenta(String(repeating: "[", count: 1_000_000)) }
    }

    @Test(
        arguments: [
            (.null, 0), (.number("-3"), -3), (.number("1e10"), 1e10), (.number("0.5"), 0.5), (.string("95"), 95),
            (.string(" 1.5e2\n"), 150), (.string("+1"), 1), (.string(""), 0), (.string("Infinity"), .infinity),
            (.string("-INF"), -.infinity), (.string(".5"), 0.5), (.string("1."), 1), (.number("1e999"), .infinity),
        ] as [(JSONValue, Double)]
    )
    func readsNumbers(value: JSONValue, expected: Double) throws {
        #expect(try value.number("x") == expected)
    }

    @Test(arguments: [("-0", "0"), ("7", "7"), ("1e5", "100000.0"), ("2147483648", "2147483648.0")])
    func writesNumbersAsTexts(number: String, expected: String) throws {
        #expect(try JSONValue.number(number).text("x") == expected)
    }

    @Test(arguments: ["x", "inf", "nan", "0x10", "1 2", "--1", "e", "1e"])
    func refusesOtherTexts(text: String) {
        #expect(throws: KayentaError.self) { try JSONValue.string(text).number("x") }
    }
}
