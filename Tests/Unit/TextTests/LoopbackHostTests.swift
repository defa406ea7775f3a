import Testing
import Text

@Suite struct LoopbackHostTests {
    @Test(arguments: [
        ("localhost", true), ("LOCALHOST", true), ("localhost.", true), ("127.0.0.1", true), ("127.9.8.7", true),
        ("::1", true), ("[::1]", true), ("::ffff:127.0.0.1", true), ("localhost.evil.example", false),
        ("127.0.0.1.evil.example", false), ("127.0.0.1.5", false), ("127.0.0.", false), ("127.0.0.256", false),
        ("127.0.0.+1", false), ("1127.0.0.1", false), ("10.0.0.1", false), ("prometheus", false), ("::2", false),
        ("", false),
    ])
    func hosts(host: String, isLoopback: Bool) {
        #expect(LoopbackHost.contains(host) == isLoopback)
    }

    @Test(arguments: [
        ("http://localhost", true), ("http://127.0.0.1:9090/x", true), ("HTTP://[::1]:1?x", true),
        ("http://u:p@127.0.0.1/", true), ("http://127.0.0.1@evil.example/", false), ("http://db:80/127.0.0.1", false),
        ("http://evil.example#@localhost", false), ("localhost", false), ("http://", false),
    ])
    func addresses(address: String, isLoopback: Bool) {
        #expect(LoopbackHost.contains(address: address) == isLoopback)
    }
}
