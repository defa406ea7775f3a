import Analysis
import Foundation
package import StoredFormats
import Text

/// From whom to whom mail goes, and by which server.
package struct MailRoute: Sendable, Equatable {
    package enum Encryption: String, Sendable, CaseIterable {
        /// From the first byte (port 465).
        case tls
        /// After STARTTLS, or not at all (port 587).
        case starttls
        /// For servers on this machine, or in a network that is trusted.
        case none
    }

    package var server: String
    package var port: Int
    package var encryption: Encryption
    package var from: String
    package var to: [String]
    package var username: String?

    package init(
        server: String,
        port: Int,
        encryption: Encryption,
        from: String,
        to: [String],
        username: String? = nil
    ) {
        self.server = server
        self.port = port
        self.encryption = encryption
        self.from = from
        self.to = to
        self.username = username
    }

    /// Whether a text can be the address of a mailbox: nothing in it ends a header, or a command of SMTP.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts.contains("") && text.utf8.count <= 254
            && text.utf8.allSatisfy { (33...126).contains($0) && !"<>,;:\\\"()[]".utf8.contains($0) }
    }
}

/// A notification as a mail (RFC 5322): plain text. Its id is that of the verdict, by which a repeat is known.
package enum MailMessage {
    private static let maximumLine = 76
    private static let maximumSubject = 200

    package static func bytes(_ notification: NotificationForm, _ route: MailRoute) -> [UInt8] {
        let id = String(FNV1a.hash(notification.verdict.utf8), radix: 16)
        let domain = route.from.split(separator: "@").last ?? "localhost"
        let headers = [
            "From: Assay <\(route.from)>", "To: \(route.to.joined(separator: ",\r\n "))",
            "Subject: \(words("[assay] \(notification.title)"))", "Date: \(date(notification.decidedAt))",
            "Message-ID: <\(id)@\(domain)>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let link = notification.link.map { "\n\n\($0)" } ?? ""
        let text = "\(notification.title)\n\n\(notification.text)\n    next: \(notification.next)\(link)\n"
        let encoded = Data(text.replacing("\n", with: "\r\n").utf8).base64EncodedString()
        let lines = chunks(Array(encoded.utf8), of: maximumLine).map { String(decoding: $0, as: UTF8.self) }
        return Array((headers + [""] + lines).joined(separator: "\r\n").utf8) + Array("\r\n".utf8)
    }

    /// Encoded words (RFC 2047), each of whole characters: whatever the text holds, it ends no header.
    private static func words(_ text: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        for scalar in text.excerpt(maximumSubject).unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if word.count + bytes.count > 36 {
                words.append(encoded(word))
                word = []
            }
            word += bytes
        }
        return (words + [encoded(word)]).joined(separator: "\r\n ")
    }

    private static func encoded(_ word: [UInt8]) -> String { "=?utf-8?B?\(Data(word).base64EncodedString())?=" }

    private static func chunks(_ bytes: [UInt8], of size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min($0 + size, bytes.count)] }
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Mon, 02 Mar 2026 10:00:00 +0000`
    private static func date(_ time: Timestamp) -> String {
        // The first of January 1970 was a Thursday.
        let day = days[Int(max(0, time.milliseconds) / 86_400_000 % 7)]
        let parts = time.rfc3339.split(whereSeparator: { "-T.Z".contains($0) })
        guard parts.count >= 4, let month = Int(parts[1]), months.indices.contains(month - 1) else { return "" }
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) +0000"
    }
}
