/// Checks that the variables of a regular expression (RE2, as Go reads it) stand where a quoted value means itself.
///
/// That is not so after a backslash, inside `[…]`, `{…}`, `(?…`, `\Q…\E` or an unfinished `\x`, `\p` or octal, nor before a
/// repetition, which would take hold of the value's last character alone.
enum RegexPlacement {
    typealias Element = TemplateString.Element

    static func check(_ elements: [Element]) throws(QueryTemplateError) {
        var state = State.plain
        for (index, element) in elements.enumerated() {
            switch element {
            case .scalar(let scalar):
                // A byte above ASCII is an ordinary character to every state.
                state = state.next(scalar ?? "\u{80}")
            case .variable(let variable, let place):
                guard let problem = state.problem else {
                    if index + 1 < elements.count, case .scalar(let after?) = elements[index + 1],
                        repetitions.contains(after)
                    {
                        throw QueryTemplateError(
                            "${\(variable.name)} before \(after) is accepted only in a group, "
                                + "as in (?:${\(variable.name)})\(after)",
                            at: place
                        )
                    }
                    state = .plain
                    continue
                }
                throw QueryTemplateError(
                    "${\(variable.name)} is not accepted \(problem) of a regular expression, "
                        + "only where a plain character may stand",
                    at: place
                )
            }
        }
    }

    private static let repetitions: Set<Unicode.Scalar> = ["*", "+", "?", "{"]

    /// Where in a regular expression the next character stands.
    private enum State {
        case plain
        case escape
        /// Between `\Q` and `\E`; whether a backslash came last.
        case quoted(afterBackslash: Bool)
        /// After `\x` or `\p`, of which so many more characters are to come; or up to `}`.
        case coded(left: Int)
        case codedBraces
        case octal(left: Int)
        /// After `[`, after `[^` (where a `]` is a plain character), and further inside of `[…]`.
        case setStart
        case setFirst
        case set
        case setEscape
        /// After a `[` inside of a set, and inside the `[:…:]` that it may start.
        case setOpening
        case named(afterColon: Bool)
        /// Inside the digits of `{2,3}`; a `{` before anything else is a plain character.
        case repetition
        case group
        case groupFlags

        /// Where this is, for a person; nil where a variable may stand.
        var problem: String? {
            switch self {
            case .plain, .group: nil
            case .escape: "after a backslash"
            case .quoted: "inside \\Q…\\E"
            case .coded, .codedBraces, .octal: "inside an escape"
            case .setStart, .setFirst, .set, .setEscape, .setOpening, .named: "inside […]"
            case .repetition: "inside {…}"
            case .groupFlags: "after (?"
            }
        }

        func next(_ scalar: Unicode.Scalar) -> State {
            switch self {
            case .plain: return plain(scalar)
            case .group: return scalar == "?" ? .groupFlags : plain(scalar)
            case .groupFlags:
                // A named group ends its head with >, flags with : or ).
                return scalar == ">" || scalar == ":" || scalar == ")" ? .plain : self
            case .escape: return escaped(scalar)
            case .quoted(let afterBackslash):
                return afterBackslash && scalar == "E" ? .plain : .quoted(afterBackslash: scalar == "\\")
            case .coded(let left):
                if scalar == "{" { return .codedBraces }
                return left > 1 ? .coded(left: left - 1) : .plain
            case .codedBraces: return scalar == "}" ? .plain : self
            case .octal(let left):
                guard ("0"..."7").contains(scalar) else { return plain(scalar) }
                return left > 1 ? .octal(left: left - 1) : .plain
            case .repetition: return ("0"..."9").contains(scalar) || scalar == "," ? self : plain(scalar)
            case .setStart: return scalar == "^" ? .setFirst : scalar == "]" ? .set : inSet(scalar)
            case .setFirst: return scalar == "]" ? .set : inSet(scalar)
            case .set: return inSet(scalar)
            case .setEscape: return .set
            case .setOpening: return scalar == ":" ? .named(afterColon: false) : inSet(scalar)
            case .named(let afterColon):
                return afterColon && scalar == "]" ? .set : .named(afterColon: scalar == ":")
            }
        }

        private func plain(_ scalar: Unicode.Scalar) -> State {
            switch scalar {
            case "\\": .escape
            case "[": .setStart
            case "{": .repetition
            case "(": .group
            default: .plain
            }
        }

        private func escaped(_ scalar: Unicode.Scalar) -> State {
            switch scalar {
            case "Q": .quoted(afterBackslash: false)
            case "x": .coded(left: 2)
            case "p", "P": .coded(left: 1)
            case "0"..."7": .octal(left: 2)
            default: .plain
            }
        }

        private func inSet(_ scalar: Unicode.Scalar) -> State {
            switch scalar {
            case "\\": .setEscape
            case "[": .setOpening
            case "]": .plain
            default: .set
            }
        }
    }
}
