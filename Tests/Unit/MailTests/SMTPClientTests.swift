import HTTPTestServer
import HTTPTransport
import Mail
import Testing

@Suite struct SMTPClientTests {
    private func client(_ server: TestSMTPServer, password: String? = nil, requiresTLS: Bool = false) -> SMTPClient {
        SMTPClient(
            .init(
                url: "smtp://127.0.0.1:\(server.port)",
                requiresTLS: requiresTLS,
                user: password == nil ? nil : "assay",
                password: password.map { Secret($0) }
            )
        )
    }

    private func send(_ client: SMTPClient) async throws(MailError) {
        try await client.send(
            Array("Subject: x\r\n\r\n.one\r\ntwo\r\n".utf8),
            from: "assay@example.org",
            to: ["a@example.org", "b@example.org"]
        )
    }

    @Test func aMailArrivesAsItIs() async throws {
        let server = try TestSMTPServer()
        try await send(client(server))
        let mail = try #require(server.mails.first)
        #expect(mail.from.hasPrefix("MAIL FROM:<assay@example.org>"))
        #expect(mail.to == ["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"])
        // A line of a dot alone would end the mail: dots at the beginning are doubled on the way.
        #expect(mail.lines == ["Subject: x", "", "..one", "two"])
        try await send(client(server))
        #expect(server.mails.count == 2)
    }

    @Test func thePasswordIsGivenAndShownNowhere() async throws {
        let server = try TestSMTPServer { $0 == "AUTH" ? "535 wrong: hunter2-hunter2" : nil }
        do throws(MailError) {
            try await send(client(server, password: "hunter2-hunter2"))
            Issue.record("it was sent")
        } catch {
            // A password can be mended.
            #expect(error.isTransient && !"\(error)".contains("hunter2"))
        }
        #expect(server.commands.contains { $0.hasPrefix("AUTH PLAIN") })
    }

    @Test(arguments: [("RCPT", "550 no such mailbox", false), (".", "554 no", false), ("MAIL", "451 later", true)])
    func aRefusalIsForGoodOrForNow(word: String, answer: String, isTransient: Bool) async throws {
        let server = try TestSMTPServer { $0 == word ? answer : nil }
        do throws(MailError) {
            try await send(client(server))
            Issue.record("it was sent")
        } catch { #expect(error.isTransient == isTransient, "\(error)") }
        #expect(server.mails.isEmpty)
    }

    @Test func nothingIsSentWithoutTheEncryptionThatIsAskedFor() async throws {
        let server = try TestSMTPServer()
        do throws(MailError) {
            try await send(client(server, password: "hunter2-hunter2", requiresTLS: true))
            Issue.record("it was sent")
        } catch { #expect(error.isTransient) }
        #expect(!server.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test func aServerThatIsAwayIsTriedAgain() async throws {
        let port = try LoopbackSocket.freePort()
        let client = SMTPClient(.init(url: "smtp://127.0.0.1:\(port)", requiresTLS: false))
        do throws(MailError) {
            try await send(client)
            Issue.record("it was sent")
        } catch { #expect(error.isTransient) }
    }
}
