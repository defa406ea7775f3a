/// A PromQL query with variables, read once and expanded for each side.
///
/// The reader knows where in the query a variable stands, so that a value can only ever be data: a matcher, the inside
/// of a string, or a duration. `$$` writes a `$`; a `$` before anything else than `{` stays as it is. Comments are kept
/// and never expanded.
package struct QueryTemplate: Sendable, Equatable {
    /// The most bytes a template may have.
    package static let maximumSize = 16 * 1024
    /// The most bytes an expansion may have.
    package static let maximumExpansion = 64 * 1024

    /// The template as written.
    package let source: String
    private let segments: [Segment]

    /// A part of a template: text to keep, or a variable with what its place asks for.
    enum Segment: Sendable {
        case literal(String)
        case matchers(TemplatePlace)
        case text(QueryVariable, PromQL.StringRole, quote: Unicode.Scalar, TemplatePlace)
        case duration(QueryVariable.Duration, TemplatePlace)

        var variable: QueryVariable? {
            switch self {
            case .literal: nil
            case .matchers: .matchers
            case .text(let variable, _, _, _): variable
            case .duration(let duration, _): .duration(duration)
            }
        }
    }

    /// Reads a template; throws with the place and what is accepted there.
    package init(parsing source: String) throws(QueryTemplateError) {
        guard source.utf8.count <= Self.maximumSize else {
            throw QueryTemplateError(
                "the query has \(source.utf8.count) bytes; at most \(Self.maximumSize) are accepted",
                at: TemplatePlace()
            )
        }
        var reader = TemplateReader(source)
        segments = try reader.read()
        self.source = source
    }

    /// The query for one side; throws when a variable has no value, or a value cannot stand for its variable.
    package func expand(_ variables: QueryVariables) throws(QueryTemplateError) -> String {
        var query = ""
        for segment in segments {
            let room = Self.maximumExpansion - query.utf8.count
            let (piece, place) = try Self.expand(segment, with: variables, room: room)
            guard piece.utf8.count <= room else { throw Self.tooLong(at: place) }
            query += piece
        }
        return query
    }

    private static func expand(
        _ segment: Segment,
        with variables: QueryVariables,
        room: Int
    ) throws(QueryTemplateError) -> (String, TemplatePlace) {
        switch segment {
        case .literal(let text):
            return (text, TemplatePlace())
        case .matchers(let place):
            return (try variables.matchers(limit: room, at: place), place)
        case .text(let variable, let role, let quote, let place):
            let value = try variables.text(of: variable, at: place)
            // Checked before the work of escaping, which only makes it longer.
            guard value.utf8.count <= room else { throw tooLong(at: place) }
            return (PromQL.escape(value, as: role, quote: quote), place)
        case .duration(let duration, let place):
            return (try variables.text(of: duration, at: place), place)
        }
    }

    static func tooLong(at place: TemplatePlace) -> QueryTemplateError {
        QueryTemplateError("the expanded query is too long: at most \(maximumExpansion) bytes are accepted", at: place)
    }

    /// Byte for byte: two spellings of one character are different label values to Prometheus.
    package static func == (left: QueryTemplate, right: QueryTemplate) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8)
    }
}
