import PromQL
import Yams

/// Collects the errors of a file, and where each field stands.
struct YAMLIssues {
    let file: String
    private(set) var errors: [PlanFileError] = []
    private(set) var omitted = 0
    /// Searches for the word that was meant.
    private(set) var hintCount = 0
    /// Positions of the current document's fields, by path.
    private(set) var positions: [String: FilePosition] = [:]
    /// Texts of the current document whose inside errors may be about, by path.
    private(set) var texts: [String: ScalarText] = [:]
    private let source: String

    /// - Parameter source: the text of the file.
    init(file: String, source: String = "") {
        self.file = file
        self.source = source
    }

    var isEmpty: Bool { errors.isEmpty }

    /// Whether further errors are only counted. A file has a line of its own for each, so that nothing that costs more
    /// than counting is done for them.
    var isFull: Bool { errors.count >= PlanFileErrors.maximumCount }

    mutating func add(
        _ position: @autoclosure () -> FilePosition?,
        _ field: @autoclosure () -> String,
        _ problem: @autoclosure () -> String,
        excerpt: SourceExcerpt? = nil
    ) {
        guard !isFull else {
            omitted += 1
            return
        }
        errors.append(
            PlanFileError(file: file, position: position(), field: field(), problem: problem(), excerpt: excerpt)
        )
    }

    /// ` (did you mean "x"?)`, or nothing: for an error that is added next.
    mutating func hint(for text: String, among words: @autoclosure () -> [String]) -> String {
        guard !isFull else { return "" }
        hintCount += 1
        return Spelling.hint(for: text, among: words())
    }

    mutating func place(_ field: String, at position: FilePosition) {
        positions[field] = position
    }

    /// Whether a mapping is written in braces, as the text of the file shows. Not asked any more once enough is wrong.
    func isFlow(_ node: Node) -> Bool {
        guard !isFull, let position = node.position else { return false }
        return SourceExcerpt.scalar(at: position, in: source) == "{"
    }

    mutating func keep(_ text: ScalarText?, of field: String) {
        texts[field] = text
    }

    /// Where the current document's fields stand.
    func fieldPositions(start: FilePosition) -> FieldPositions {
        FieldPositions(positions, texts: texts, source: source, start: start)
    }

    mutating func startDocument() {
        positions = [:]
        texts = [:]
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
    private let texts: [String: ScalarText]
    private let source: String
    private let start: FilePosition

    init(_ positions: [String: FilePosition], texts: [String: ScalarText], source: String, start: FilePosition) {
        self.positions = positions
        self.texts = texts
        self.source = source
        self.start = start
    }

    /// Where a place inside of a field's text stands.
    func position(of place: SourcePlace, in field: String) -> FilePosition {
        texts[field]?.position(of: place, in: source) ?? self[field]
    }

    /// A text as it is written, of fields whose inside errors may be about; nil where it is left out.
    func text(of field: String) -> String? { texts[field]?.content }

    /// Whether the field is written.
    func contains(_ field: String) -> Bool { positions[field] != nil }

    /// The line of the file.
    func excerpt(at position: FilePosition) -> SourceExcerpt? { SourceExcerpt(of: position, in: source) }

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
