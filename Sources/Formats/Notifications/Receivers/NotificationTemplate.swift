import Analysis
import JSON
package import StoredFormats

/// A body with `${field}` in it, for receivers that are not known here.
package struct NotificationTemplate: Sendable, Equatable {
    /// What may stand between `${` and `}`.
    package enum Field: String, Sendable, CaseIterable {
        case application
        case environment
        case cluster
        case namespace
        case version
        case revision
        case result
        case severity
        case word
        case title
        case reason
        case next
        case text
        case link
        case session
        case verdict
        case decidedAt
    }

    /// How a field is written, so that it stays a text of the body whatever it holds.
    package enum Escaping: String, Sendable, CaseIterable {
        /// Inside of the quotes of a JSON text.
        case json
        /// A value of an `application/x-www-form-urlencoded` body.
        case form
        case xml
        case none
    }

    private enum Part: Sendable, Equatable {
        case text(String)
        case field(Field)
    }

    package var headers: [MessageHeader]
    package let escaping: Escaping
    private let parts: [Part]

    /// Throws what is wrong with the text, to be read after the name of its field.
    package init(
        _ text: String,
        escaping: Escaping,
        headers: [MessageHeader] = []
    ) throws(NotificationTemplateError) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw NotificationTemplateError("has a ${ without a } behind it")
            }
            let name = rest[start.upperBound..<end]
            guard let field = Field(rawValue: String(name)) else {
                let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
                throw NotificationTemplateError("${\(name.prefix(60))} is none of \(known)")
            }
            parts += [.text(String(rest[..<start.lowerBound])), .field(field)]
            rest = rest[rest.index(after: end)...]
        }
        self.parts = parts + [.text(String(rest))]
        self.escaping = escaping
        self.headers = headers
        guard escaping == .json else { return }
        do { _ = try JSONParser.parse(filled { _ in "x" }, maximumDepth: 32) } catch {
            throw NotificationTemplateError("is not JSON once it is filled in: \(error)")
        }
    }

    func request(_ notification: NotificationForm) -> NotificationRequest {
        let key = MessageHeader(name: "Idempotency-Key", value: notification.verdict)
        return NotificationRequest(headers: [key] + headers, body: filled { Self.value($0, of: notification) })
    }

    /// The text, filled in.
    func text(_ notification: NotificationForm) -> String {
        String(decoding: filled { Self.value($0, of: notification) }, as: UTF8.self)
    }

    private func filled(_ value: (Field) -> String) -> [UInt8] {
        parts.reduce(into: []) { body, part in
            switch part {
            case .text(let text): body += text.utf8
            case .field(let field): body += escaped(value(field)).utf8
            }
        }
    }

    private static func value(_ field: Field, of notification: NotificationForm) -> String {
        switch field {
        case .application: notification.application
        case .environment: notification.environment
        case .cluster: notification.cluster ?? ""
        case .namespace: notification.namespace ?? ""
        case .version: notification.version
        case .revision: notification.revision ?? ""
        case .result: notification.result
        case .severity: notification.severity
        case .word: notification.word
        case .title: notification.title
        case .reason: notification.reason
        case .next: notification.next
        case .text: notification.text
        case .link: notification.link ?? ""
        case .session: notification.session
        case .verdict: notification.verdict
        case .decidedAt: notification.decidedAt.rfc3339
        }
    }

    private func escaped(_ text: String) -> String {
        switch escaping {
        case .none: text
        case .json: String(JSONValue.string(text).jsonText.dropFirst().dropLast())
        case .form: text.percentEncoded
        case .xml:
            text.unicodeScalars.reduce(into: "") { escaped, scalar in
                switch scalar {
                case "&", "<", ">", "\"", "'": escaped += "&#\(scalar.value);"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

/// Why a body cannot be a template, to be read after the name of its field.
package struct NotificationTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
