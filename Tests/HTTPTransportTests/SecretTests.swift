import HTTPTestServer
import HTTPTransport
import Testing

@Suite struct SecretTests {
    @Test func neverShowsItself() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump((secret, HTTPAuthentication.bearer(secret), TLSOptions(keyPassword: secret)), to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), "\([secret])", "\(HTTPAuthentication.bearer(secret))", dumped,
        ] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("redacted") || text == dumped)
        }
    }

    @Test func readsAFile() throws {
        let folder = try TemporaryFolder()
        #expect(try Secret(file: folder.write("  p w\r\n\n", to: "a")).value == "  p w")
        for (name, text) in [("empty", " \n"), ("large", String(repeating: "x", count: 70_000))] {
            let path = try folder.write(text, to: name)
            #expect(throws: SecretError.self) { try Secret(file: path) }
        }
        let missing = #expect(throws: SecretError.self) { try Secret(file: folder.path("none")) }
        #expect("\(try #require(missing))".contains("No such file"))
        #expect(throws: SecretError.self) { try Secret(file: folder.path("")) }
    }
}
