/// What is wrong with a query template, and where.
package struct QueryTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Line and column in Unicode scalars, from 1.
    package var line: Int
    package var column: Int
    /// One sentence.
    package var message: String

    package init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        line == 1 ? "Column \(column): \(message)" : "Line \(line), column \(column): \(message)"
    }
}
