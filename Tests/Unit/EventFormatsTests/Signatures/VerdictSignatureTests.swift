import Analysis
import Judging
import Testing

@testable import EventFormats

@Suite struct VerdictSignatureTests {
    /// Made with `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`, for these tests alone.
    private static let first = (
        secret: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBlSsL5qzITyjkgaDwKb7fa+vUCczXTlJhUcu7Ti81QP"),
        open: pem("PUBLIC KEY", "MCowBQYDK2VwAyEApyzHtnEvUhbvUcsw65lNserrnk503lPnYufHV9M+iDM=")
    )
    private static let second = (
        secret: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIG/AQe8+WWgg2wGcuSHibeRMA6xKuKZfG9BrgZ/t/zKR"),
        open: pem("PUBLIC KEY", "MCowBQYDK2VwAyEAvkmd+jvIv/nxEVJEh2vcFAvuyymWrXaCGsh0zSY4dWY=")
    )

    private static func pem(_ label: String, _ text: String) -> String {
        "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----"
    }

    private let event = CloudEvent(
        id: "s/1",
        source: "/assay",
        type: "dev.assay.verdict.v1",
        subject: "shop/production",
        time: Timestamp(milliseconds: 1_790_000_000_123),
        dataContentType: "application/json",
        extensions: ["traceparent": "00-1-2-00"],
        data: Array(#"{"reason":"größer \"als\" 1e-7","score":97.25,"n":"NaN","u":"\u0001"}"#.utf8)
    )

    private func keys(_ texts: String...) throws -> VerificationKeys {
        try VerificationKeys(pem: texts.joined(separator: "\n"))
    }

    private func signed(_ event: CloudEvent, by secret: String = first.secret) throws -> CloudEvent {
        try SigningKey(pem: secret).signed(event)
    }

    @Test func whatIsSignedVerifiesByItsKeyAmongOthers() throws {
        let signed = try signed(event)
        #expect(try keys(Self.first.open).problem(of: signed) == nil)
        #expect(try keys(Self.second.open, Self.first.open).problem(of: signed) == nil)
        #expect(try keys(Self.second.open).problem(of: signed) == .unknownKey)
        #expect(try keys(Self.first.open).problem(of: event) == .unsigned)
        #expect(signed.extensions["traceparent"] == event.extensions["traceparent"])
        #expect(signed.extensions["signaturekey"]?.count == 16)
    }

    /// The bytes are those of the page about events: a program in another language makes the same.
    @Test func theSignedBytesAreThoseOfTheirDescription() {
        let event = CloudEvent(id: "1", source: "/a", type: "t", data: [0x7B, 0x7D])
        var bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 22] + Array("dev.assay.signature.v1".utf8)
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, 1] + Array("1".utf8)
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, 2] + Array("/a".utf8)
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, 1] + Array("t".utf8)
        bytes += [0, 0, 0, 0]
        bytes += [1, 0, 0, 0, 0, 0, 0, 0, 2, 0x7B, 0x7D]
        #expect(SignedBytes.of(event) == bytes)
    }

    private static let changes: [@Sendable (inout CloudEvent) -> Void] = [
        { $0.id = "s/2" }, { $0.source = "/other" }, { $0.type = "dev.assay.verdict.v2" }, { $0.subject = "shop/x" },
        { $0.subject = nil }, { $0.time = Timestamp(milliseconds: 1_790_000_000_124) }, { $0.time = nil },
        { $0.dataContentType = nil }, { $0.data?[20] ^= 1 }, { $0.data = nil }, { $0.data = [] },
        { $0.data?.append(0x20) }, { $0.extensions["assayretry"] = "2026-11-21T10:15:30Z" },
        { $0.extensions["signature"] = "AAAA" }, { $0.extensions["signature"] = "?" },
        // What is moved from one field to the next gives other bytes.
        { ($0.id, $0.source) = ("s/1/", "assay") },
    ]

    @Test(arguments: changes.indices) func nothingThatIsSignedCanBeChanged(index: Int) throws {
        var changed = try signed(event)
        Self.changes[index](&changed)
        #expect(try keys(Self.first.open).problem(of: changed) == .wrongSignature)
    }

    @Test func theNameOfAnotherKeyDoesNotHelp() throws {
        var changed = try signed(event)
        changed.extensions["signaturekey"] = try signed(event, by: Self.second.secret).extensions["signaturekey"]
        #expect(try keys(Self.first.open, Self.second.open).problem(of: changed) == .wrongSignature)
        changed.extensions["signaturekey"] = nil
        #expect(try keys(Self.first.open).problem(of: changed) == .unknownKey)
    }

    /// As records and as what the service answers, in both modes.
    @Test func aSignedEventVerifiesHoweverItIsCarried() throws {
        let keys = try keys(Self.first.open)
        for event in [event, RetryRequest.event(event, failedAt: Timestamp(milliseconds: 7))] {
            let signed = try signed(event)
            let (value, headers) = CloudEventKafkaBinding.binary(signed)
            #expect(keys.problem(of: try CloudEventKafkaBinding.decode(value: value, headers: headers)) == nil)
            let (whole, structured) = CloudEventKafkaBinding.structured(signed)
            #expect(keys.problem(of: try CloudEventKafkaBinding.decode(value: whole, headers: structured)) == nil)
            let (attributes, body) = CloudEventHTTPBinding.binary(signed)
            #expect(keys.problem(of: try CloudEventHTTPBinding.decode(headers: attributes, body: body)) == nil)
            let http = CloudEventHTTPBinding.structured(signed)
            #expect(keys.problem(of: try CloudEventHTTPBinding.decode(headers: http.headers, body: http.body)) == nil)
        }
    }

    /// Another version may write the same data in another way: the text counts.
    @Test func theTextOfDataIsKeptToTheByte() throws {
        var event = event
        event.data = Array(#"{ "verdictId" : "s\/final", "new":1.50e0 }"#.utf8)
        let signed = try signed(event)
        let http = CloudEventHTTPBinding.structured(signed)
        let read = try CloudEventHTTPBinding.decode(headers: http.headers, body: http.body)
        #expect(read.data == event.data)
        #expect(try keys(Self.first.open).problem(of: read) == nil)
    }

    @Test func aSignedEventBehindAByteOrderMarkKeepsItsData() throws {
        let http = CloudEventHTTPBinding.structured(try signed(event))
        let read = try CloudEventHTTPBinding.decode(headers: http.headers, body: [0xEF, 0xBB, 0xBF] + http.body)
        #expect(read.data == event.data)
        #expect(try keys(Self.first.open).problem(of: read) == nil)
    }

    @Test(arguments: [
        "", "x", first.open, pem("PRIVATE KEY", "!!!"), String(first.secret.prefix(40)),
        first.secret + "\n" + second.secret, pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIJ1hsZ0="),
        pem("EC PRIVATE KEY", "MC4="), "-----BEGIN PRIVATE KEY-----\n" + first.secret,
    ])
    func aKeyThatCannotBeUsedSaysWhy(text: String) {
        let error = #expect(throws: KeyError.self) { try SigningKey(pem: text) }
        #expect(error?.description.contains("MC4") == false)
    }

    @Test(arguments: ["", first.secret, pem("PUBLIC KEY", "")])
    func keysThatCannotBeUsedSayWhy(text: String) {
        #expect(throws: KeyError.self) { try VerificationKeys(pem: text) }
    }

    @Test func textAroundKeysAndLineEndsOfWindowsAreNoMatter() throws {
        let text =
            "the old one:\r\n" + Self.first.open.replacing("\n", with: "\r\n") + "\r\nthe new one:\n" + Self.second.open
        let keys = try VerificationKeys(pem: text)
        #expect(keys.problem(of: try signed(event)) == nil)
        #expect(keys.problem(of: try signed(event, by: Self.second.secret)) == nil)
    }
}
