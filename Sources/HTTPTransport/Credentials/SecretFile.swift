import Glibc

/// Reads the small files that secrets are kept in.
enum SecretFile {
    static let maximumBytes = 64 << 10

    static func read(_ path: String) throws(SecretError) -> String {
        // A FIFO put there by mistake must not block the caller.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SecretError(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SecretError(path: path, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else {
                throw SecretError(path: path, reason: "it is larger than \(maximumBytes) bytes")
            }
        }
        while let last = bytes.last, last == 10 || last == 13 || last == 32 || last == 9 { bytes.removeLast() }
        guard !bytes.isEmpty else { throw SecretError(path: path, reason: "it is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecretError(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }
}
