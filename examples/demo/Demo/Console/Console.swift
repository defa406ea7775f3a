import Foundation
import Glibc
import Synchronization

/// The terminal, or a log: whole lines, and on a terminal one line at the bottom that is written over.
package final class Console: Sendable {
    package let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let progress = Mutex("")

    /// - Parameter write: takes text with its line breaks.
    package init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Standard output.
    package static func standard() -> Console {
        Console(isTerminal: isatty(STDOUT_FILENO) == 1, write: Self.writeToStandardOutput)
    }

    package func print(_ lines: [String]) {
        progress.withLock { progress in
            let text = lines.map { $0 + "\n" }.joined()
            write(progress.isEmpty ? text : "\r\u{1B}[K" + text + progress)
        }
    }

    /// Shows a line until it is replaced; an empty one takes it away. Does nothing in a log.
    package func showProgress(_ line: String) {
        guard isTerminal else { return }
        progress.withLock { progress in
            guard progress != line else { return }
            progress = line
            write("\r\u{1B}[K" + line)
        }
    }

    static func line(_ text: String) {
        writeToStandardOutput(text + "\n")
    }

    private static func writeToStandardOutput(_ text: String) {
        // A reader that went away (`assay-demo | head`) must not stop the orderly end.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
