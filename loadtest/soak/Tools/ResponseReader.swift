import Glibc

/// Reads HTTP/1.1 answers from a connection, one after the other, and keeps none of them.
struct ResponseReader {
    struct Response {
        var status: Int
        /// Whether the next answer can be told from this one.
        var keepsConnection: Bool
    }

    let socket: AttackerSocket
    private var buffer: [UInt8] = []

    init(socket: AttackerSocket) {
        self.socket = socket
    }

    private static let maximumHead = 64 << 10

    /// Nil when the connection ends, or nothing comes in time.
    mutating func next() -> Response? {
        let mark = Array("\r\n\r\n".utf8)
        var end: Int?
        while true {
            end = buffer.indices.first { buffer[$0...].starts(with: mark) }
            if end != nil { break }
            guard buffer.count < Self.maximumHead, receive() else { return nil }
        }
        guard let end else { return nil }
        let head = String(decoding: buffer[..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
        buffer.removeSubrange(..<(end + mark.count))
        let status = head.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        let length = head.first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        let closes = head.contains { $0.hasPrefix("connection:") && $0.hasSuffix("close") }
        guard let length else {
            // In pieces: read to their end.
            let last = Array("0\r\n\r\n".utf8)
            while !buffer.suffix(last.count).elementsEqual(last) {
                buffer.removeFirst(max(0, buffer.count - last.count))
                guard receive() else { return Response(status: status, keepsConnection: false) }
            }
            buffer = []
            return Response(status: status, keepsConnection: !closes)
        }
        var rest = length
        while true {
            let taken = min(rest, buffer.count)
            buffer.removeFirst(taken)
            rest -= taken
            if rest == 0 { break }
            guard receive() else { return Response(status: status, keepsConnection: false) }
        }
        return Response(status: status, keepsConnection: !closes)
    }

    private mutating func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket.descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffer += bytes[..<count]
        return true
    }
}
