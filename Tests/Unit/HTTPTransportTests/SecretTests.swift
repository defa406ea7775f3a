import Foundation
import HTTPTestServer
import Synchronization
import Testing

@testable import HTTPTransport

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

    @Test func outlivesItsFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("first", to: "a")
        let changes = Mutex<[SecretChange]>([])
        let secret = try Secret(file: path) { change in changes.withLock { $0.append(change) } }
        #expect(secret.value == "first")
        try folder.write("", to: "a")
        #expect(secret.value == "first")
        try FileManager.default.removeItem(atPath: path)
        #expect(secret.value == "first")
        try folder.write("first\n", to: "a")
        #expect(secret.value == "first")
        try folder.write("second\n", to: "a")
        #expect(secret.value == "second")
        let empty = SecretError(path: path, reason: "it is empty")
        #expect(changes.withLock { $0 } == [.unreadable(empty), .readable, .replaced])
    }

    @Test func followsTheLinksOfAMount() throws {
        let folder = try TemporaryFolder()
        try ConfigMapMount.write(["token": "first"], into: folder.url, version: 1)
        let secret = try Secret(file: folder.path("token"))
        #expect(secret.value == "first")
        try ConfigMapMount.write(["token": "second"], into: folder.url, version: 2)
        #expect(secret.value == "second")
    }

    @Test(arguments: [
        ("X-A: 1", [HTTPHeaders.Field(name: "X-A", value: "1")]),
        (" X-A : 1 ; X-B: a:b ;", [.init(name: "X-A", value: "1"), .init(name: "X-B", value: "a:b")]),
        ("# note\nX-A: 1\n\nX-B:\n", [.init(name: "X-A", value: "1"), .init(name: "X-B", value: "")]),
    ])
    func headersAreRead(text: String, fields: [HTTPHeaders.Field]) throws {
        #expect(try SecretHeaders(Secret(text)).headers.fields == fields)
    }

    @Test(arguments: ["X-A", ": 1", "X-A: 1; nothing"])
    func headersThatAreNoneAreRefused(text: String) {
        let error = #expect(throws: HTTPError.self) { try SecretHeaders(Secret(text)) }
        #expect(error?.code == .credentials)
        #expect(error?.message.contains("nothing") == false)
    }
}
