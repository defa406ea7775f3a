import HTTPTransport

/// What a server says about a failure, fit for a message: one line, bounded, without credentials and markup.
struct ServerWords {
    /// Prometheus' own form of a failure: `{"status":"error","errorType":…,"error":…}`.
    struct ErrorForm: Equatable {
        var type: String
        var detail: String
    }

    /// Nil when the body is not of Prometheus' form.
    let form: ErrorForm?
    let page: WebPage?
    /// Nil when the server says nothing.
    let text: String?

    init(_ body: [UInt8], redacted: (String) -> String = { Redaction.words($0) }) {
        page = WebPage(body)
        let parsed = page == nil ? Self.parsed(body) : nil
        if let parsed, parsed.status == "error", let type = parsed.errorType, !type.isEmpty {
            form = ErrorForm(type: Text.oneLine(type, maximumCharacters: 40), detail: parsed.error ?? "")
        } else {
            form = nil
        }
        text = Self.sentence(page?.words ?? parsed?.error ?? Self.plain(body), redacted)
    }

    private static func parsed(_ body: [UInt8]) -> ParsedResponse? {
        var parser = ResponseParser(grid: nil, limits: .none)
        return try? parser.parse(body)
    }

    /// The beginning of plain text, or of JSON that is not Prometheus' own.
    private static func plain(_ body: [UInt8]) -> String {
        String(decoding: body.prefix(1000), as: UTF8.self)
    }

    /// Without the full stop, because the message goes on.
    private static func sentence(_ text: String, _ redacted: (String) -> String) -> String? {
        // Secrets are taken out before the text is cut: half of one would not be found.
        let bounded = String(text.unicodeScalars.prefix(4000).map(Character.init))
        var line = Text.oneLine(redacted(bounded))
        while line.last == "." || line.last == " " { line.removeLast() }
        return line.isEmpty ? nil : line
    }
}

extension ServerWords.ErrorForm {
    /// What Prometheus says when a request's other parameters cannot be read. They are this program's and the settings',
    /// or a proxy has lost them on the way: no query is to blame.
    var isAboutOtherParameter: Bool {
        let marks = ["invalid parameter \"", "invalid parameter '"]
        guard let start = marks.lazy.compactMap({ detail.firstRange(of: $0)?.upperBound }).first else {
            return detail.contains("error parsing form")
        }
        return !detail[start...].hasPrefix("query\"") && !detail[start...].hasPrefix("query'")
    }

    /// Prometheus gave up the evaluation because of its size.
    var isAboutSize: Bool {
        ["would load too many samples", "too many samples", "exceeded the maximum"].contains { detail.contains($0) }
    }
}
