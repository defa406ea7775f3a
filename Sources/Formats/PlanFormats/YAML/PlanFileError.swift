import Analysis
import Text

/// One thing that is wrong in a plan file.
package struct PlanFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package let file: String
    /// Counts from 1; 0 when the error is about the file as a whole.
    package let line: Int
    package let column: Int
    /// The path of the field, for example `metrics[2].direction`; empty for the whole document.
    package let field: String
    /// What is wrong and what is accepted, in one sentence.
    package let problem: String
    /// The line of the file, where it helps to see it; no part of the description.
    package let excerpt: SourceExcerpt?

    private static let maximumFieldScalars = 200
    private static let maximumProblemScalars = 1000

    package init(
        file: String,
        position: FilePosition? = nil,
        field: String = "",
        problem: String,
        excerpt: SourceExcerpt? = nil
    ) {
        self.file = file
        self.excerpt = excerpt
        line = position?.line ?? 0
        column = position?.column ?? 0
        // Keys of the file are part of both.
        self.field = field.excerpt(Self.maximumFieldScalars)
        self.problem = problem.excerpt(Self.maximumProblemScalars)
    }

    /// `file:line:column: error: field: problem`
    package var description: String { text(as: "error") }

    func text(as severity: String) -> String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return "\(place): \(severity): \(field.isEmpty ? "" : "\(field): ")\(problem)"
    }
}

/// Everything that is wrong in one or more plan files, in the order of files and lines.
package struct PlanFileErrors: Error, Sendable, Equatable, CustomStringConvertible {
    package static let maximumCount = 20

    /// At most `maximumCount`, never empty.
    package let errors: [PlanFileError]
    /// Errors that were found beyond those.
    package let omitted: Int

    package init(_ errors: [PlanFileError], omitted: Int = 0) {
        self.errors = Array(errors.prefix(Self.maximumCount))
        self.omitted = omitted + max(0, errors.count - Self.maximumCount)
    }

    /// One error a line, with the line of the file where that helps.
    package var illustrated: String {
        let errors = errors.map { error in error.excerpt.map { "\(error)\n\($0)" } ?? "\(error)" }
        return (errors + (omitted > 0 ? ["and \(omitted) more"] : [])).joined(separator: "\n")
    }

    /// One error a line.
    package var description: String { sentences.joined(separator: "\n") }

    /// The errors in one line of bounded length, for logs, headers and answers.
    package var line: String {
        let line = sentences.joined(separator: "; ")
        let kept = line.excerpt(2000)
        return kept.unicodeScalars.count < line.unicodeScalars.count ? kept + "…" : kept
    }

    private var sentences: [String] {
        errors.map(\.description) + (omitted > 0 ? ["and \(omitted) more"] : [])
    }
}

/// Something in a plan file that is accepted but may surprise.
package struct PlanWarning: Sendable, Equatable, CustomStringConvertible {
    private let issue: PlanFileError

    package init(
        file: String,
        position: FilePosition,
        field: String,
        problem: String,
        excerpt: SourceExcerpt? = nil
    ) {
        issue = PlanFileError(file: file, position: position, field: field, problem: problem, excerpt: excerpt)
    }

    package var file: String { issue.file }
    package var line: Int { issue.line }
    package var column: Int { issue.column }
    package var field: String { issue.field }
    package var problem: String { issue.problem }
    package var excerpt: SourceExcerpt? { issue.excerpt }

    /// `file:line:column: warning: field: problem`
    package var description: String { issue.text(as: "warning") }
}
