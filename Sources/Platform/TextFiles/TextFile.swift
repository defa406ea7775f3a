import Glibc

/// Reads small text files: whatever a person or a tool on Windows wrote into them, and with one sentence where they cannot
/// be read.
package enum TextFile {
    /// The text of a file in UTF-8, without the byte order mark before it.
    ///
    /// - Parameter acceptsPipes: whether a pipe or a device is read to its end, as `/dev/stdin` is. Opening a pipe waits for
    ///   its writer.
    package static func read(
        _ path: String,
        maximumBytes: Int,
        acceptsPipes: Bool = false
    ) throws(TextFileError) -> String {
        try text(of: bytes(of: path, maximumBytes: maximumBytes, acceptsPipes: acceptsPipes), path: path)
    }

    /// The text of bytes, read as a file is.
    package static func text(of bytes: [UInt8], path: String) throws(TextFileError) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw TextFileError(path, .notUTF8, "is UTF-16: save it as UTF-8")
        }
        guard !bytes.contains(0) else { throw TextFileError(path, .notUTF8, "is no text: it holds a byte of zero") }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw TextFileError(path, .notUTF8, "is not UTF-8")
        }
        return text
    }

    private static func bytes(
        of path: String,
        maximumBytes: Int,
        acceptsPipes: Bool
    ) throws(TextFileError) -> [UInt8] {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw TextFileError(path, .missing, "is no name of a file") }
        // Without this flag, opening a pipe that nothing writes into would wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (acceptsPipes ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else { throw TextFileError(path, system: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw TextFileError(path, system: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw TextFileError(path, .directory, "is a directory")
        default:
            guard acceptsPipes else { throw TextFileError(path, .notRegular, "is not a regular file") }
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TextFileError(path, system: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else {
                throw TextFileError(path, .tooLarge, "has more than \(maximumBytes) bytes")
            }
        }
    }
}

/// Why a text file cannot be read.
package struct TextFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        case missing, directory, notRegular, unreadable, tooLarge, notUTF8
    }

    package let code: Code
    package let path: String
    /// To be read after the name of the file.
    package let problem: String

    init(_ path: String, _ code: Code, _ problem: String) {
        self.path = path
        self.code = code
        self.problem = problem
    }

    /// An error number of the system.
    init(_ path: String, system number: Int32) {
        switch number {
        case ENOENT, ENOTDIR: self.init(path, .missing, "no such file")
        case EACCES, EPERM: self.init(path, .unreadable, "may not be read: \(String(cString: strerror(number)))")
        default: self.init(path, .unreadable, "cannot be read: \(String(cString: strerror(number)))")
        }
    }

    package var description: String { "\(path): \(problem)" }
}
