/// Why a text is no PromQL expression: what Prometheus would refuse when it reads the query.
package struct PromQLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the text is wrong.
    package let place: SourcePlace
    /// One sentence that says what is wrong and what is accepted, without the place.
    package let problem: String

    init(_ problem: String, at place: SourcePlace) {
        self.place = place
        self.problem = problem
    }

    /// The place and the problem; the line only after the first.
    package var description: String {
        let line = place.line == 1 ? "" : "line \(place.line), "
        return "\(line)column \(place.column): \(problem)"
    }
}

/// What is wrong, at an offset of the text that is being read.
struct SyntaxProblem: Error {
    var problem: String
    var offset: Int

    init(_ problem: String, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }
}
