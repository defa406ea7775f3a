/// What the variables of a query template stand for, for one side of an analysis.
///
/// All of it is data: it is checked and escaped when it enters a query, so that it may hold anything.
package struct QueryVariables: Sendable {
    /// The labels of the side, in the order in which `${scope}` writes them.
    package let scope: [(String, String)]
    /// The values of `${application}`, `${version}` and their like by name; an empty one counts as missing.
    package let values: [String: String]
    /// The distance of two points, such as `60s`.
    package let step: String
    /// The time between two looks, such as `5m`.
    package let interval: String
    /// The length of the window a look judges, such as `30m`.
    package let window: String

    package init(scope: [(String, String)], values: [String: String], step: String, interval: String, window: String) {
        self.scope = scope
        self.values = values
        self.step = step
        self.interval = interval
        self.window = window
    }

    /// The value of a variable that stands in a string; throws when there is none.
    func text(of variable: QueryVariable, at place: TemplatePlace) throws(QueryTemplateError) -> String {
        if case .label(let label) = variable {
            guard let value = scope.first(where: { $0.0 == label })?.1 else {
                let labels = scope.prefix(10).map { QueryVariable.shown($0.0) }.joined(separator: ", ")
                throw QueryTemplateError(
                    "${scope.\(label)} has no value: the scope has "
                        + (scope.isEmpty ? "no labels" : "the labels \(labels) and no \(label)"),
                    at: place
                )
            }
            return value
        }
        guard let value = values[variable.name], !value.isEmpty else {
            throw QueryTemplateError(
                "${\(variable.name)} has no value: the deploy event must give it, or the query must do without",
                at: place
            )
        }
        return value
    }

    /// The value of a duration; throws when it is not one.
    func text(of duration: QueryVariable.Duration, at place: TemplatePlace) throws(QueryTemplateError) -> String {
        let value =
            switch duration {
            case .step: step
            case .interval: interval
            case .window: window
            }
        guard !value.isEmpty else {
            throw QueryTemplateError(
                "${\(duration.rawValue)} has no value: a duration such as 60s is accepted",
                at: place
            )
        }
        guard PromQL.isDuration(value) else {
            throw QueryTemplateError(
                "the value of ${\(duration.rawValue)} is not a duration: more than zero, "
                    + "in whole numbers with the units y, w, d, h, m, s and ms, such as 60s or 1h30m, is accepted",
                at: place
            )
        }
        return value
    }

    /// The labels as matchers, `a="x",b="y"`; throws when there are none, or more than `limit` bytes.
    func matchers(limit: Int, at place: TemplatePlace) throws(QueryTemplateError) -> String {
        guard !scope.isEmpty else {
            throw QueryTemplateError(
                "${scope} has no value: the scope must have at least one label, or the query would select both sides",
                at: place
            )
        }
        var matchers = ""
        var seen: Set<String> = []
        for (label, value) in scope {
            guard PromQL.isLabelName(label) else {
                throw QueryTemplateError(
                    "${scope} holds the label \"\(QueryVariable.shown(label))\", which is no label name: "
                        + "a letter or _ is accepted, then letters, digits and _",
                    at: place
                )
            }
            guard seen.insert(label).inserted else {
                throw QueryTemplateError("${scope} holds the label \(label) twice: once is accepted", at: place)
            }
            guard matchers.utf8.count + label.utf8.count + value.utf8.count <= limit else {
                throw QueryTemplate.tooLong(at: place)
            }
            if !matchers.isEmpty { matchers += "," }
            matchers += "\(label)=\"\(PromQL.escape(value, as: .text, quote: "\""))\""
        }
        return matchers
    }
}
