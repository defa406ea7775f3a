import Glibc
import Synchronization

/// A scripted SMTP server over POSIX sockets for tests: loopback, plain, a thread of its own per connection.
package final class TestSMTPServer: Sendable {
    package struct Mail: Sendable {
        package var from = ""
        package var to: [String] = []
        package var lines: [String] = []
    }

    package let port: UInt16
    private let listener: Int32
    private let state = Mutex((mails: [Mail](), commands: [String]()))
    private let answers: @Sendable (String) -> String?

    package var mails: [Mail] { state.withLock { $0.mails } }
    package var commands: [String] { state.withLock { $0.commands } }

    /// - Parameter answers: to a command by its first word, and to `.` at the end of a mail; nil for the usual answer.
    package init(_ answers: @escaping @Sendable (String) -> String? = { _ in nil }) throws(TestServerError) {
        self.answers = answers
        (listener, port) = try LoopbackSocket.listen()
        let listener = listener
        TestThread.start { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                guard let self else {
                    Glibc.close(descriptor)
                    return
                }
                TestThread.start { self.serve(descriptor) }
            }
        }
    }

    deinit {
        stop()
    }

    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ descriptor: Int32) {
        defer { Glibc.close(descriptor) }
        var reader = LineReader(descriptor)
        var mail = Mail()
        guard say("220 test", to: descriptor) else { return }
        while let line = reader.next() {
            let word = line.split(separator: " ").first.map { $0.uppercased() } ?? ""
            state.withLock { $0.commands.append(line) }
            let usual: String
            switch word {
            case "EHLO": usual = "250-test\r\n250 AUTH PLAIN"
            case "AUTH": usual = "235 welcome"
            case "MAIL":
                mail = Mail(from: line)
                usual = "250 ok"
            case "RCPT":
                mail.to.append(line)
                usual = "250 ok"
            case "DATA": usual = "354 go on"
            case "QUIT": usual = "221 bye"
            default: usual = "500 what"
            }
            let answer = answers(word) ?? usual
            guard say(answer, to: descriptor), word != "QUIT" else { return }
            guard word == "DATA", answer.hasPrefix("354") else { continue }
            while let text = reader.next(), text != "." { mail.lines.append(text) }
            let end = answers(".") ?? "250 taken"
            if end.hasPrefix("250") { state.withLock { $0.mails.append(mail) } }
            guard say(end, to: descriptor) else { return }
        }
    }

    private func say(_ text: String, to descriptor: Int32) -> Bool {
        LoopbackSocket.write(Array((text + "\r\n").utf8), to: descriptor)
    }
}

/// The lines that a client sends.
private struct LineReader {
    private let descriptor: Int32
    private var bytes: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    mutating func next() -> String? {
        while true {
            if let end = bytes.firstIndex(of: 10) {
                let line = bytes[..<end].filter { $0 != 13 }
                bytes.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }
}
