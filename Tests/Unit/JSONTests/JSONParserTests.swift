import JSON
import Testing

@Suite struct JSONParserTests {
    @Test(
        "Text that is JSON comes back as it is",
        arguments: [
            "null", "true", "false", "0", "-0", "1.50", "-12e+3", "12345678901234567890", "\"\"", "[]", "{}",
            #"{"b":1,"a":[1,2,{"c":null}]}"#, #""a\"\\\nb""#, #""é😀""#,
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8), maximumDepth: 8).jsonText == text)
    }

    @Test(
        arguments: [
            (#" [ 1 , 2 ] "#, "[1,2]"), ("\u{FEFF}1", "1"), (#""\u0041\u00e9""#, "\"Aé\""),
            (#""\ud83d\ude00""#, "\"😀\""), (#""\/\b\f\t\r""#, #""/\u0008\u000c\t\r""#),
            ("\t{\"a\"\r\n:1}", #"{"a":1}"#),
        ])
    func normalised(text: String, expected: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8), maximumDepth: 8).jsonText == expected)
    }

    @Test("Each entrance reads behind a byte order mark", arguments: ["", "\u{FEFF}"])
    func textsOfParts(mark: String) throws {
        let object = try JSONParser.texts(ofObject: Array((mark + #"{ "a" : [1 , 2] }"#).utf8), maximumDepth: 8)
        #expect(object == ["a": Array("[1 , 2]".utf8)])
        let array = try JSONParser.texts(ofArray: Array((mark + #"[ 1.0 ,{"b":2} ]"#).utf8), maximumDepth: 8)
        #expect(array == [Array("1.0".utf8), Array(#"{"b":2}"#.utf8)])
    }

    @Test(
        "Text that is not JSON is refused",
        arguments: [
            "", " ", "{", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "+1", "1.",
            ".5", "1e", "1e+", "-", "NaN", "Infinity", "1e999", "tru", "nulll", "1 2", "\"", "\"\\", "\"\\x\"",
            "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "// c\n1",
            #"{"a":1,"a":2}"#, "[1}", "{\"a\":1]", "]", ",", "\u{0}",
        ]
    )
    func refused(text: String) {
        #expect(throws: JSONParseError.self) { try JSONParser.parse(Array(text.utf8), maximumDepth: 8) }
    }

    @Test func invalidUTF8IsRefused() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF]] {
            #expect(throws: JSONParseError.self) { try JSONParser.parse(bytes, maximumDepth: 8) }
        }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONParser.parse(nested(32), maximumDepth: 32)
        let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(nested(33), maximumDepth: 32) }
        #expect(error?.description == "values are nested more than 32 deep at byte 32")
        #expect(throws: JSONParseError.self) {
            try JSONParser.parse(Array(repeating: UInt8(ascii: "["), count: 1_000_000), maximumDepth: 32)
        }
        #expect(throws: JSONParseError.self) {
            try JSONParser.parse(Array(String(repeating: "{\"a\":", count: 100_000).utf8), maximumDepth: 32)
        }
    }

    @Test("Numbers that JSON cannot write become text", arguments: [Double.nan, .infinity, -.infinity, 1.5, -3, 1e300])
    func doubles(value: Double) {
        let again = JSONValue.double(value).doubleValue
        #expect(again == value || value.isNaN && again?.isNaN == true)
    }

    @Test func wholeDoublesHaveNoFraction() {
        #expect(JSONValue.double(15).jsonText == "15")
        #expect(JSONValue.double(.nan).jsonText == "\"NaN\"")
    }
}
