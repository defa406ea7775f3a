/// A PromQL query with places for the values of an analysis.
///
/// - `${scope}` between the braces of a selector: the side's labels as matchers, `track="canary",pod="x"`.
/// - `${scope.pod}`, `${version}` and the other names inside a `"…"` or `'…'` string: the value, escaped; after `=~` and
///   `!~` it also matches only itself.
/// - `${step}`, `${interval}`, `${window}` outside strings: a duration such as `60s`.
/// - `$$`: a dollar sign.
///
/// A value is data, never query text: whatever it holds, the filled query has the template's structure.
package struct QueryTemplate: Sendable, Equatable {
    enum Segment: Sendable, Equatable {
        case text(String)
        case variable(QueryVariable, Position)
    }

    /// Where a variable stands, and so how its value is written.
    struct Position: Sendable, Equatable {
        var line: Int
        var column: Int
        /// The quote of the string around it.
        var quote: Unicode.Scalar?
        /// Whether that string is a regular expression.
        var isRegex: Bool
    }

    static let maximumBytes = 64 << 10

    /// The template as it was written.
    package let text: String
    private let segments: [Segment]

    /// Throws ``QueryTemplateError`` for unknown names and for names where they cannot stand.
    package init(parsing text: String) throws(QueryTemplateError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw QueryTemplateError(
                line: 1,
                column: 1,
                message: "The query is longer than \(Self.maximumBytes) bytes."
            )
        }
        self.text = text
        var parser = QueryTemplateParser(text)
        segments = try parser.parse()
    }

    /// The names used, sorted, without `${}`.
    package var variableNames: [String] {
        Set(variables.map(\.name)).sorted()
    }

    /// Whether the query depends on the side it is asked for.
    package var usesScope: Bool {
        variables.contains { variable in
            switch variable {
            case .scope, .scopeLabel: true
            case .value, .duration: false
            }
        }
    }

    /// The query. Throws ``QueryTemplateError`` when a value is missing or cannot be a label or a duration.
    package func expand(_ variables: QueryVariables) throws(QueryTemplateError) -> String {
        var query = ""
        for segment in segments {
            switch segment {
            case .text(let text): query += text
            case .variable(let variable, let position):
                do throws(QueryVariableProblem) {
                    query += try Self.written(variable, position, variables)
                } catch {
                    throw QueryTemplateError(line: position.line, column: position.column, message: error.message)
                }
            }
            guard query.utf8.count <= Self.maximumBytes else {
                let message = "The filled query is longer than \(Self.maximumBytes) bytes."
                throw QueryTemplateError(line: 1, column: 1, message: message)
            }
        }
        return query
    }

    private var variables: [QueryVariable] {
        segments.compactMap { segment in
            guard case .variable(let variable, _) = segment else { return nil }
            return variable
        }
    }

    private static func written(
        _ variable: QueryVariable,
        _ position: Position,
        _ variables: QueryVariables
    ) throws(QueryVariableProblem) -> String {
        switch variable {
        case .scope:
            guard !variables.scope.isEmpty else { throw .init(message: "The scope has no labels.") }
            var matchers: [String] = []
            for (label, value) in variables.scope {
                guard PromQLText.isLabelName(label) else {
                    throw .init(message: "The scope has a label that is no label name.")
                }
                matchers.append("\(label)=\"\(PromQLText.escaped(value, quote: "\""))\"")
            }
            return matchers.joined(separator: ",")
        case .scopeLabel(let label):
            guard let value = variables.scope.first(where: { $0.label == label })?.value else {
                throw .init(message: "The scope has no label \"\(label)\".")
            }
            return quoted(value, position)
        case .value(let name):
            guard let value = variables.values[name] else { throw .init(message: "There is no \(name) to fill in.") }
            return quoted(value, position)
        case .duration(let name):
            let duration =
                switch name {
                case "step": variables.step
                case "interval": variables.interval
                default: variables.window
                }
            guard let duration else { throw .init(message: "There is no \(name) to fill in.") }
            guard let text = QueryTime.promQL(duration) else { throw .init(message: "The \(name) is not a duration.") }
            return text
        }
    }

    private static func quoted(_ value: String, _ position: Position) -> String {
        PromQLText.escaped(position.isRegex ? PromQLText.regexQuoted(value) : value, quote: position.quote ?? "\"")
    }
}

private struct QueryVariableProblem: Error {
    var message: String
}
