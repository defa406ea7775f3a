import JSON
import Logging
import Testing

@testable import Service

@Suite struct LogHandlerTests {
    private func event(_ message: Logger.Message, _ metadata: Logger.Metadata) -> LogEvent {
        LogEvent(
            level: .info,
            message: message,
            metadata: metadata,
            source: nil,
            file: #fileID,
            function: #function,
            line: #line
        )
    }

    private func text(_ value: String) -> String {
        let line = TextLogHandler(level: .info).line(event("m", ["a": "\(value)", "z": "end"]))
        return String(line.drop { $0 != "m" }.dropFirst(2))
    }

    @Test(arguments: [
        ("shop", "shop"), ("2.4.0-rc.1+5", "2.4.0-rc.1+5"), ("http://h:1/x?y", "http://h:1/x?y"), ("größe", "größe"),
        ("", #""""#), ("two words", #""two words""#), ("say \"hi\"", #""say \"hi\"""#), (#"c:\d"#, #""c:\\d""#),
        ("x version=9 outcome=promoted", #""x version=9 outcome=promoted""#), ("a=b", #""a=b""#),
        ("one\ntwo\r\t", #""one\ntwo\r\t""#), ("\u{1B}[31m", #""\u001b[31m""#), ("\u{9B}31m", #""\u009b31m""#),
        ("a\u{85}b", #""a\u0085b""#), ("a\u{2028}b\u{2029}c", #""a\u2028b\u2029c""#),
        ("a\u{202E}b\u{2066}c", #""a\u202eb\u2066c""#), ("a\u{200B}b", #""a\u200bb""#),
        ("a\u{A0}b", "\"a\u{A0}b\""), ("\u{E0041}", #""\udb40\udc41""#),
    ])
    func noValueIsTakenForAnotherField(value: String, shown: String) {
        #expect(text(value) == "a=\(shown) z=end\n")
    }

    @Test(arguments: ["\u{1B}[31m", "\u{9B}31m", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "\u{E0041}", "two\nlines"])
    func jsonHoldsNothingThatATerminalActsOn(value: String) throws {
        let handler = JSONLogHandler(label: "assay", level: .info)
        let line = handler.line(event("hello", ["application": "\(value)"]))
        #expect(line.hasSuffix("\n"))
        let rest = line.dropLast()
        #expect(rest.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
        let read = try JSONParser.parse(Array(rest.utf8), maximumDepth: 4).object
        #expect(read?["application"]?.text == value)
        #expect(read?["message"]?.text == "hello")
    }
}
