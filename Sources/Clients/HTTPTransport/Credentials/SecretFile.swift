import Glibc
import Synchronization

/// The small file that a secret is kept in, and what was read from it last.
final class SecretFile: Sendable, Equatable {
    static let maximumBytes = 64 << 10

    private struct State {
        var text: String
        var isReadable = true
    }

    private let path: String
    private let observer: SecretObserver
    private let state: Mutex<State>

    init(path: String, observer: @escaping SecretObserver) throws(SecretError) {
        self.path = path
        self.observer = observer
        state = Mutex(State(text: try Self.read(path)))
    }

    static func == (left: SecretFile, right: SecretFile) -> Bool { left.path == right.path }

    /// What is in the file now; what was in it last while it cannot be read.
    var text: String {
        let read: Result<String, SecretError>
        do throws(SecretError) { read = .success(try Self.read(path)) } catch { read = .failure(error) }
        let (text, change) = state.withLock { state in
            let change: SecretChange?
            switch read {
            case .success(let text):
                change = text != state.text ? .replaced : state.isReadable ? nil : .readable
                state = State(text: text)
            case .failure(let error):
                change = state.isReadable ? .unreadable(error) : nil
                state.isReadable = false
            }
            return (state.text, change)
        }
        if let change { observer(change) }
        return text
    }

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
        // Editors on Windows put a byte order mark before the text.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard !bytes.isEmpty else { throw SecretError(path: path, reason: "it is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecretError(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }
}
