/// Why a text is not a condition: where it goes wrong and what could stand there.
package struct ConditionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the text goes wrong, in characters, counted from 1.
    package var column: Int
    /// What is wrong there.
    package var problem: String
    /// What is accepted at that column; empty where nothing could mend it (a text too long, for example).
    package var accepted: [String]

    init(column: Int, problem: String, accepted: [String] = []) {
        self.column = column
        self.problem = problem
        self.accepted = accepted
    }

    package var description: String {
        let head = "column \(column): \(problem)"
        return accepted.isEmpty ? head : "\(head); accepted here: \(accepted.joined(separator: " "))"
    }
}
