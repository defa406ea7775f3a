import Testing

@testable import HTTPTransport

@Suite struct RedactionTests {
    @Test(arguments: [
        ("http://h/p", "http://h/p"), ("http://u:p@h:1/p?token=x#f", "http://h:1/p"), ("https://u@h", "https://h"),
        ("http://u:a@b@h/x", "http://h/x"), ("nonsense?secret=1", "nonsense"), ("http://h\r\n/p", "http://h /p"),
        // Passwords that are not encoded end a host too early; what is behind the last sign may be a query's.
        ("http://u:p?x@h/", "http://<redacted>"), ("http://u:p/x@h:1/y", "http://<redacted>"),
        ("http://u:p#x@h", "http://<redacted>"), ("http://u:p\\x@h", "http://<redacted>"),
        ("http://u:a@b/c@h/", "http://<redacted>"), ("http://h/x?mail=a@b&key=k", "http://<redacted>"),
        ("u:p/x@h:1", "<redacted>"), ("u:hunter2@h:1/x", "h:1/x"),
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

    /// As servers and proxies write it that show a request again.
    @Test(arguments: [
        "s3cr/t&k<y>+\" x", "s3cr%2Ft%26k%3Cy%3E%2B%22%20x", "s3cr%2ft%26k%3cy%3e%2b%22+x",
        #"s3cr\/t\u0026k\u003Cy\u003e+\" x"#, "s3cr/t&amp;k&lt;y&gt;+&quot; x", "s3cr&#47;t&#x26;k&#60;y>+&#34; x",
        "czNjci90Jms8eT4rIiB4", "s3cr/t&k<…", "s3cr%2Ft%26k%3…", "s3cr%2Ft%26…", "%733cr/t&k<y>+\" x",
    ])
    func aSecretIsFoundInTheFormsThatItIsEchoedIn(echo: String) {
        let shown = Redaction.words("before \(echo) after", known: [#"s3cr/t&k<y>+" x"#])
        #expect(shown.hasPrefix("before <redacted>"), "\(shown)")
        #expect(shown.hasSuffix(echo.hasSuffix("…") ? "… after" : " after"), "\(shown)")
        #expect(!shown.contains("t&k") && !shown.contains("3cr"), "\(shown)")
    }

    @Test func aSecretThatLooksLikeAnEscapeIsFoundAsItIs() {
        #expect(Redaction.words("x a%25b/c y", known: ["a%25b/c"]) == "x <redacted> y")
        #expect(Redaction.words("x a%2525b%2Fc y", known: ["a%25b/c"]) == "x <redacted> y")
    }

    @Test func aLongTextIsBounded() {
        let shown = Redaction.words(
            String(repeating: "%2", count: 1_000_000),
            known: [String(repeating: "%2", count: 9)]
        )
        #expect(shown.utf8.count < 40_000)
    }

    @Test func whatIsNoSecretStays() {
        for text in ["", "s3c", "a token s3cr of", "s3cr/t&k<y", "100% of a+b & c \\ d"] {
            #expect(Redaction.words(text, known: [#"s3cr/t&k<y>+" x"#, "abc", ""]) == text)
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{FF}\u{FE}?", "w7/Dvj8"),
    ])
    func base64(text: String, encoded: String) {
        #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    /// What a client sends in confidence is known to it, in the form in which it is sent.
    @Test func aClientKnowsItsSecrets() throws {
        var configuration = HTTPClient.Configuration()
        configuration.authentication = .basic(user: "reader", password: Secret("passw0rd"))
        configuration.secretHeaders = try SecretHeaders(Secret("X-Key: k3y-of-mine\nCookie: session=c00kie-value"))
        let client = try HTTPClient(configuration: configuration)
        let said = "reader:passw0rd cmVhZGVyOnBhc3N3MHJk k3y-of-mine c00kie-value"
        #expect(client.redacted(said) == "reader:<redacted> <redacted> <redacted> <redacted>")
        configuration.authentication = .bearer(Secret("b3arer-token"))
        #expect(try HTTPClient(configuration: configuration).redacted("x b3arer%2Dtoken y") == "x <redacted> y")
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
