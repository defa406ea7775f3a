import Foundation
import Notifications
import Testing

@Suite struct MailMessageTests {
    private let route = MailRoute(
        server: "mail.example.org",
        port: 587,
        encryption: .starttls,
        from: "assay@example.org",
        to: ["a@example.org", "b@example.org"]
    )

    private func parts(_ application: String) -> (head: String, body: String) {
        let bytes = MailMessage.bytes(Notified.form(Notified.verdict(application: application, metrics: 2)), route)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return (text, "") }
        let encoded = text[end.upperBound...].replacing("\r\n", with: "")
        return (
            String(text[..<end.lowerBound]),
            String(decoding: Data(base64Encoded: String(encoded)) ?? Data(), as: UTF8.self)
        )
    }

    @Test func aMailHasItsHeadersAndTheVerdict() {
        let (head, body) = parts("checkout")
        #expect(head.contains("From: Assay <assay@example.org>\r\nTo: a@example.org,\r\n b@example.org\r\n"))
        #expect(head.contains("Date: Mon, 02 Mar 2026 10:00:00 +0000"))
        #expect(head.contains("Auto-Submitted: auto-generated"))
        #expect(body.hasPrefix("checkout 2.4.0 in production: FAIL\r\n\r\n"))
        #expect(body.contains("next: roll back") && body.contains("https://assay.example/sessions/s1"))
        #expect(body.contains("metric 0"))
    }

    /// Whatever a release is called, it is no header, and every line is short.
    @Test func aHostileNameEndsNoHeader() {
        let (head, _) = parts(Notified.hostile + String(repeating: "ü\r\n.\r\n", count: 300))
        let lines = head.components(separatedBy: "\r\n")
        let names = lines.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(
            names == [
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding",
            ]
        )
        #expect(head.utf8.allSatisfy { $0 < 127 } && lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test func aRepeatHasTheSameId() {
        func id(_ head: String) -> Substring? { head.split(separator: "\r\n").first { $0.hasPrefix("Message-ID") } }
        #expect(id(parts("a").head) == id(parts("a").head) && id(parts("a").head)?.contains("@example.org>") == true)
    }

    @Test(arguments: [
        "", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "a@b>", "\"a\"@b", "a@b,c@d",
        String(repeating: "a", count: 300) + "@b",
    ])
    func noAddress(text: String) {
        #expect(!MailRoute.isAddress(text))
    }
}
