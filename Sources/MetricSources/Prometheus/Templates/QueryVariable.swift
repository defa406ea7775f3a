/// A variable that a query template may name as `${name}`.
enum QueryVariable: Sendable, Equatable {
    /// `${scope}`: all label matchers of the side.
    case matchers
    /// `${scope.NAME}`: the value of one label of the side.
    case label(String)
    /// `${application}` and its like: a value of the deploy event.
    case text(String)
    /// `${step}` and its like: a duration.
    case duration(Duration)

    enum Duration: String, Sendable, CaseIterable {
        case step
        case interval
        case window
    }

    static let textNames = ["application", "environment", "namespace", "cluster", "version", "revision"]
    static let names = ["scope", "scope.NAME"] + textNames + Duration.allCases.map(\.rawValue)

    /// The name as written between `${` and `}`.
    var name: String {
        switch self {
        case .matchers: "scope"
        case .label(let label): "scope.\(label)"
        case .text(let name): name
        case .duration(let duration): duration.rawValue
        }
    }

    /// Reads what stands between `${` and `}`; throws with the accepted names, and the closest of them.
    init(named name: String, at place: TemplatePlace) throws(QueryTemplateError) {
        if name == "scope" {
            self = .matchers
        } else if name.hasPrefix("scope.") {
            let label = String(name.dropFirst("scope.".count))
            guard PromQL.isLabelName(label) else {
                throw QueryTemplateError(
                    "${\(Self.shown(name))} names no label: after \"scope.\" a letter or _ is accepted, "
                        + "then letters, digits and _",
                    at: place
                )
            }
            self = .label(label)
        } else if Self.textNames.contains(name) {
            self = .text(name)
        } else if let duration = Duration(rawValue: name) {
            self = .duration(duration)
        } else {
            let accepted = Self.names.map { "${\($0)}" }.joined(separator: ", ")
            let meant = Self.closest(to: name).map { " (did you mean ${\($0)}?)" } ?? ""
            throw QueryTemplateError(
                "${\(Self.shown(name))} is not a variable\(meant); accepted are \(accepted), and $$ for a plain $",
                at: place
            )
        }
    }

    /// A name from outside, cut and cleaned for a message.
    static func shown(_ name: String) -> String {
        let cut = name.unicodeScalars.prefix(40)
        let kept = cut.map { PromQL.isPlain($0) ? Character($0) : "?" }
        return String(kept) + (cut.count < name.unicodeScalars.count ? "…" : "")
    }

    /// The accepted name that is at most two slips away, if there is one.
    private static func closest(to name: String) -> String? {
        let lowered = name.lowercased()
        guard lowered.unicodeScalars.count <= 20 else { return nil }
        if let same = names.first(where: { $0 == lowered }) { return same }
        let near = names.map { (name: $0, slips: slips(from: lowered, to: $0)) }.min { $0.slips < $1.slips }
        guard let near, near.slips <= 2, near.slips * 2 < near.name.count else { return nil }
        return near.name
    }

    /// How many scalars to insert, remove or replace to get from one word to the other (Levenshtein).
    private static func slips(from word: String, to other: String) -> Int {
        let target = Array(other.unicodeScalars)
        var row = Array(0...target.count)
        for (index, scalar) in word.unicodeScalars.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let replaced = diagonal + (target[column] == scalar ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[target.count]
    }
}
