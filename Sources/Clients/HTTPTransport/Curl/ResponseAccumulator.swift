/// What has arrived of an answer, within its limits.
struct ResponseAccumulator {
    static let maximumHeaderBytes = 64 << 10

    private let maximumBytes: Int
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    /// There was no room for more of it.
    private(set) var isCrowdedOut = false
    /// Of what was too large.
    private(set) var isHeaderFlood = false
    private var headerBytes = 0

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// False when the body would pass its limit, or there is no room for so much; nothing more is kept then.
    ///
    /// - Parameter hasRoom: whether a body of so many bytes may be kept.
    mutating func appendBody(_ bytes: UnsafeRawBufferPointer, hasRoom: (Int) -> Bool = { _ in true }) -> Bool {
        guard bytes.count <= maximumBytes - body.count else {
            isTooLarge = true
            return false
        }
        guard hasRoom(body.count + bytes.count) else {
            isCrowdedOut = true
            body = []
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// False when the header section would pass its limit.
    mutating func appendHeaderLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.maximumHeaderBytes else {
            (isTooLarge, isHeaderFlood) = (true, true)
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new status line: what came before was an interim answer (1xx).
            headers = HTTPHeaders()
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(
                name: Self.trimmed(line[..<colon]),
                value: Self.trimmed(line[line.index(after: colon)...])
            )
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r\n" || $0 == "\n" || $0 == "\r" }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[first...last])
    }
}
