/// Collects the errors of a file, and where each field stands.
struct YAMLIssues {
    let file: String
    private(set) var errors: [PlanFileError] = []
    private(set) var omitted = 0
    /// Positions of the current document's fields, by path.
    private(set) var positions: [String: FilePosition] = [:]

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { errors.isEmpty }

    mutating func add(_ position: FilePosition?, _ field: String, _ problem: String) {
        guard errors.count < PlanFileErrors.maximumCount else {
            omitted += 1
            return
        }
        errors.append(PlanFileError(file: file, position: position, field: field, problem: problem))
    }

    mutating func place(_ field: String, at position: FilePosition) {
        positions[field] = position
    }

    mutating func startDocument() {
        positions = [:]
    }

    /// The errors by line.
    var result: PlanFileErrors {
        PlanFileErrors(
            errors.enumerated().sorted {
                ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
            }.map(\.element),
            omitted: omitted
        )
    }
}

/// Positions of the fields of one document.
package struct FieldPositions: Sendable, Equatable {
    private let positions: [String: FilePosition]
    private let start: FilePosition

    init(_ positions: [String: FilePosition], start: FilePosition) {
        self.positions = positions
        self.start = start
    }

    /// Where the field stands; where it is left out, the nearest field around it.
    package subscript(field: String) -> FilePosition {
        var path = field[...]
        while !path.isEmpty {
            if let position = positions[String(path)] { return position }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = path[..<end]
        }
        return start
    }
}
