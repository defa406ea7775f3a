import Foundation
import Glibc

/// Colours, or none.
package struct TerminalStyle: Sendable, Equatable {
    package let isColoured: Bool

    package init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    /// Colours on a terminal, unless `NO_COLOR` is set to something (https://no-color.org) or the terminal is a dumb one.
    package init(isTerminal: Bool, environment: [String: String]) {
        let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        isColoured = isTerminal && !refused
    }

    /// That of a command that prints to standard output.
    package static var standardOutput: TerminalStyle {
        TerminalStyle(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func dim(_ text: String) -> String { wrap(text, "2") }
    package func red(_ text: String) -> String { wrap(text, "31") }
    package func green(_ text: String) -> String { wrap(text, "32") }
    package func yellow(_ text: String) -> String { wrap(text, "33") }
    package func cyan(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
