import Testing
import Text

@Suite struct ExcerptTests {
    @Test(arguments: [
        ("plain text", "plain text"),
        ("two\nlines\r\n", "two\u{FFFD}lines\u{FFFD}\u{FFFD}"),
        ("\u{1B}[31mred", "\u{FFFD}[31mred"),
        ("a\u{2028}b\u{2029}c\u{85}d", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d"),
        ("user\u{202E}nimda", "user\u{FFFD}nimda"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ])
    func holdsNothingThatFoolsAReader(text: String, expected: String) {
        #expect(text.excerpt() == expected)
    }

    @Test func isBounded() {
        #expect(String(repeating: "x", count: 65).excerpt() == String(repeating: "x", count: 64))
        // One character, a million scalars.
        let marks = "a" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(marks.excerpt(10).unicodeScalars.count == 10)
    }
}
