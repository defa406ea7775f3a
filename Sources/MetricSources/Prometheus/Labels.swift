/// What tells one series from another: names and values, sorted by name.
package struct Labels: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible, Comparable {
    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let pairs: [Label]

    package init(_ pairs: [Label] = []) {
        self.pairs = pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Label(name: $0.0, value: $0.1) })
    }

    /// The value of a label, or nil.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// As PromQL writes it: `{job="api", pod="x"}`.
    package var description: String {
        let matchers = pairs.map { "\($0.name)=\"\(PromQL.escape($0.value, as: .text, quote: "\""))\"" }
        return "{" + matchers.joined(separator: ", ") + "}"
    }

    package static func < (one: Labels, other: Labels) -> Bool {
        one.pairs.lexicographicallyPrecedes(other.pairs) { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
