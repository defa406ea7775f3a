import Text

/// A template of a config with `${…}` places, which the values of a scope are put into.
///
/// The text of the template is the caller's query. A value of the scope is not: within quotes it cannot end them, and outside of
/// them it is a name or a number.
struct ScopeTemplate {
    static let longestQuery = 65_536

    private let text: String

    init(_ text: String) {
        // Kayenta hides `${` so in what passes Orca.
        self.text = text.replacing(#"$\{"#, with: "${")
    }

    func expanded(with values: [String: String]) throws(KayentaProblem) -> String {
        var place = QueryPlace()
        var expanded = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let before = rest[..<start.lowerBound]
            let variable = rest[start.upperBound..<end]
            // `$${` stands for `${` itself.
            if before.last == "$" {
                append(before.dropLast(), to: &expanded, &place)
                append(rest[start.lowerBound...end], to: &expanded, &place)
            } else {
                append(before, to: &expanded, &place)
                append(try value(variable, values, place), to: &expanded, &place)
            }
            rest = rest[rest.index(after: end)...]
            try checkLength(of: expanded)
        }
        append(rest, to: &expanded, &place)
        try checkLength(of: expanded)
        return expanded
    }

    private func checkLength(of query: String) throws(KayentaProblem) {
        guard query.utf8.count <= Self.longestQuery else {
            throw KayentaProblem("A query is longer than \(Self.longestQuery) bytes.")
        }
    }

    /// What stands for `name`, or for `name:-default`.
    private func value(
        _ variable: Substring,
        _ values: [String: String],
        _ place: QueryPlace
    ) throws(KayentaProblem) -> Substring {
        let separator = variable.firstRange(of: ":-")
        let name = String(separator.map { variable[..<$0.lowerBound] } ?? variable)
        if let value = values[name] {
            try place.check(value, of: name)
            return value[...]
        }
        guard let separator else {
            throw KayentaProblem("Problem evaluating custom filter template: \(text.excerpt(300))")
        }
        return variable[separator.upperBound...]
    }

    private func append(_ text: Substring, to expanded: inout String, _ place: inout QueryPlace) {
        expanded += text
        place.pass(text)
    }
}
