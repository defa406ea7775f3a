/// Why a query template cannot be read, or cannot be expanded with the given variables.
///
/// Holds names only, never the values of variables, so that it can be logged and shown as it is.
package struct QueryTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line within the template, from 1.
    package let line: Int
    /// The column within the line, in Unicode scalars, from 1.
    package let column: Int
    /// One sentence that says what is wrong and what is accepted, without the place.
    package let problem: String

    init(_ problem: String, at place: TemplatePlace) {
        self.line = place.line
        self.column = place.column
        self.problem = problem
    }

    /// The place and the problem; the line only where the template has got past its first.
    package var description: String {
        line == 1 ? "column \(column): \(problem)" : "line \(line), column \(column): \(problem)"
    }
}

/// A place in a template, both numbers from 1.
struct TemplatePlace: Sendable {
    var line = 1
    var column = 1
}
