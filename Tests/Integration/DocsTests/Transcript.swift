import Foundation

/// Compares what a page shows with what a program answered.
enum Transcript {
    /// `…` stands for anything in its line, and alone in a line for any lines.
    ///
    /// - Parameter digitsMayDiffer: numbers, times and ids are those of one run; only their places are compared.
    static func matches(_ shown: String, _ answer: String, digitsMayDiffer: Bool) -> Bool {
        let shown = digitsMayDiffer ? withoutNumbers(shown) : shown
        let answer = digitsMayDiffer ? withoutNumbers(answer) : answer
        let pattern = shown.components(separatedBy: "\n").map { $0 == "…" ? "(?:.*\n)*?" : line($0) + "\n" }.joined()
        return (answer + "\n").range(of: "\\A(?:\(pattern))\\z", options: .regularExpression) != nil
    }

    private static func line(_ text: String) -> String {
        text.components(separatedBy: "…").map(NSRegularExpression.escapedPattern(for:)).joined(separator: "[^\n]*")
    }

    /// Ids and numbers become one sign, columns one space.
    private static func withoutNumbers(_ text: String) -> String {
        text
            .replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16,}\b/#, with: "ID")
            .replacing(#/[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/#, with: "0")
            .replacing(#/ {2,}/#, with: " ")
    }
}
