/// Why a file of series, or a part of it, is left out: one sentence for a person.
package struct SeriesProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ file: String, line: Int? = nil, _ problem: String) {
        description = line.map { "\(file):\($0): \(problem)" } ?? "\(file): \(problem)"
    }
}
