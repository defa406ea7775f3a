import Foundation

/// A small file that tells other programs of the same user where this one listens.
enum PortFile {
    /// Appears whole, and readable for the user alone. Throws what the system says.
    static func write(_ text: String, to path: String) throws {
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = (try? FileManager.default.attributesOfItem(atPath: place))?[.type] as? FileAttributeType
        // A terminal or a pipe is written to as it is.
        guard type == nil || type == .typeRegular else {
            return try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(text.utf8))
        }
        let draft = "\(path).\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure(errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            guard rename(draft, path) == 0 else { throw SystemFailure(errno) }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private struct SystemFailure: Error, CustomStringConvertible {
        let description: String

        init(_ code: Int32) {
            description = String(cString: strerror(code))
        }
    }
}
