import ArgumentParser
import Glibc

/// What a command prints for as long as it runs.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns and lines of the terminal.
    static var size: (columns: Int, lines: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes at once. Throws the end of the command where nothing reads it any more.
    static func write(_ text: String) throws {
        print(text, terminator: "")
        guard fflush(nil) == 0 else { throw ExitCode(ExitReport.failure) }
    }

    static func write(_ lines: [String]) throws { try write(lines.map { $0 + "\n" }.joined()) }
}
