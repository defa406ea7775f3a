/// A page for people where a program's answer was expected: a login, or a proxy's error page.
///
/// What it says is taken from its beginning, without markup, scripts and styles.
package struct WebPage: Sendable, Equatable {
    /// Nil when it has none.
    package let title: String?
    /// The beginning of what a reader would see.
    package let text: String

    /// The most bytes that are looked at.
    private static let maximumBytes = 16 << 10

    /// Nil when the body is no markup.
    package init?(_ body: [UInt8]) {
        let bytes = Self.content(of: body)
        guard bytes.first == UInt8(ascii: "<") else { return nil }
        var reader = MarkupReader(Array(bytes.prefix(Self.maximumBytes)))
        reader.read()
        let title = Text.oneLine(reader.title.text, maximumCharacters: 100)
        self.title = title.isEmpty ? nil : title
        text = Text.oneLine(reader.body.text, maximumCharacters: 200)
    }

    /// What the page says, as short as it can be said; nil when it says nothing.
    package var words: String? {
        if let title { return title }
        return text.isEmpty ? nil : text
    }

    /// Without a byte order mark and the blanks before the first character.
    private static func content(of body: [UInt8]) -> ArraySlice<UInt8> {
        let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
        return text.drop { $0 <= 0x20 }
    }
}

/// Separates a page's text from its markup. It understands as much of HTML as a message needs.
private struct MarkupReader {
    /// Text with single blanks between words.
    struct Words {
        private var bytes: [UInt8] = []

        mutating func append(_ byte: UInt8) {
            guard byte <= 0x20 else { return bytes.append(byte) }
            if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
        }

        var text: String {
            // The ampersand last, so that what it brings along is not read a second time.
            [
                ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#34;", "\""),
                ("&amp;", "&"),
            ].reduce(String(decoding: bytes, as: UTF8.self)) { $0.replacing($1.0, with: $1.1) }
        }
    }

    private let bytes: [UInt8]
    private let lowercase: [UInt8]
    private var offset = 0
    private(set) var title = Words()
    private(set) var body = Words()

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lowercase = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    mutating func read() {
        while offset < bytes.count {
            guard bytes[offset] == UInt8(ascii: "<") else {
                body.append(bytes[offset])
                offset += 1
                continue
            }
            if lowercase[offset...].starts(with: "<!--".utf8) {
                skip(past: "-->")
                continue
            }
            let name = lowercase[(offset + 1)...].prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            skip(past: ">")
            body.append(0x20)
            if name.elementsEqual("script".utf8) {
                skip(past: "</script")
                skip(past: ">")
            } else if name.elementsEqual("style".utf8) {
                skip(past: "</style")
                skip(past: ">")
            } else if name.elementsEqual("title".utf8) {
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") {
                    title.append(bytes[offset])
                    offset += 1
                }
            }
        }
    }

    private mutating func skip(past end: String) {
        let end = Array(end.utf8)
        while offset < bytes.count, !lowercase[offset...].starts(with: end) { offset += 1 }
        offset = min(bytes.count, offset + end.count)
    }
}
