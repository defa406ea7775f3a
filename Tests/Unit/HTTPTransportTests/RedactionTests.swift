import HTTPTransport
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        ("http://h/p", "http://h/p"), ("http://u:p@h:1/p?token=x#f", "http://h:1/p"), ("https://u@h", "https://h"),
        ("http://u:a@b@h/@x", "http://h/@x"), ("nonsense?secret=1", "nonsense"), ("http://h\r\n/p", "http://h /p"),
        ("http://u:p?@h/", "http://u:p"), ("u:hunter2@h:1/x", "h:1/x"),
        // Characters of their own: a prepended sign with what follows it, a delimiter with a mark on it.
        ("http://u:p\u{600}@h/p", "http://h/p"), ("http://u:p@\u{301}h/p", "http://\u{301}h/p"),
        ("http://h/p?\u{301}token=x", "http://h/p"), ("http://h/p\u{600}?token=x", "http://h/p"),
    ])
    func urls(url: String, shown: String) {
        #expect(Redaction.url(url) == shown)
    }

    @Test(arguments: [
        ("Authorization", true), ("Proxy-Authorization", true), ("Cookie", true), ("X-Api-Key", true),
        ("X-Auth-Token", true), ("Content-Type", false), ("X-Scope-OrgID", false),
    ])
    func headers(name: String, isSecret: Bool) {
        #expect(Redaction.isSecret(headerName: name) == isSecret)
        #expect("\(HTTPHeaders([.init(name: name, value: "v4lue")]))".contains("v4lue") == !isSecret)
    }

    @Test(arguments: [
        ("a\nb\0c", "a b c"), ("  x \r\n", "  x"), ("\u{202E}abc", "abc"), ("", ""), ("ä\u{301}", "ä\u{301}"),
    ])
    func oneLine(text: String, line: String) {
        #expect(Text.oneLine(text) == line)
    }

    @Test func oneLineIsBounded() {
        #expect(Text.oneLine(String(repeating: "x", count: 50), maximumCharacters: 3) == "xxx…")
        let zalgo = "a" + String(repeating: "\u{301}", count: 100_000)
        #expect(Text.oneLine(zalgo).utf8.count < 100)
    }
}
