import Testing

@testable import Processes

@Suite("Log files")
struct LogTailTests {
    @Test("The last lines, also of a long file")
    func tail() throws {
        let directory = try TemporaryDirectory()
        let text = (1...5000).map { "line \($0)\n" }.joined()
        let file = try directory.write(text, to: "log")
        #expect(LogTail.lines(of: file, count: 2) == ["line 4999", "line 5000"])
        #expect(LogTail.lines(of: "\(directory.path)/none", count: 2).isEmpty)
    }

    @Test(
        "A value is taken from a whole line only",
        arguments: [
            ("noise\nKAFKA_BROKERS=127.0.0.1:9\n", "127.0.0.1:9" as String?), ("KAFKA_BROKERS=127.0.0.1:9", nil),
            ("", nil), ("other\n", nil),
        ]
    )
    func value(text: String, expected: String?) throws {
        let file = try TemporaryDirectory()
        #expect(LogTail.value(after: "KAFKA_BROKERS=", in: try file.write(text, to: "log")) == expected)
    }
}
