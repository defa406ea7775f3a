import PromQL
import Text

/// Finds the variables of other tools in a query, and says what to write instead.
enum ForeignTemplates {
    /// At most one finding for each kind of template.
    static func findings(in query: String) -> [QueryFinding] {
        let scalars = Array(query.unicodeScalars)
        let found = [prefix(scalars), braces(scalars), brackets(scalars), dollars(scalars)]
        return found.compactMap { $0 }
    }

    private static func finding(_ scalars: [Unicode.Scalar], at index: Int, _ problem: String) -> QueryFinding {
        let line = scalars[..<index].count { $0 == "\n" } + 1
        let column = index - (scalars[..<index].lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
        return QueryFinding(.error, at: SourcePlace(line: line, column: column), problem)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars.prefix(60))).excerpt(60)
    }

    /// `PromQL:`, with which Kayenta's queries begin.
    private static func prefix(_ scalars: [Unicode.Scalar]) -> QueryFinding? {
        let start = scalars.firstIndex { $0 != " " && $0 != "\t" && $0 != "\n" } ?? 0
        guard text(scalars[start...].prefix(7)).lowercased() == "promql:" else { return nil }
        return finding(scalars, at: start, "begins with PromQL:, as queries of Kayenta do: leave it out")
    }

    // MARK: Braces and brackets

    /// `{{…}}` of Argo Rollouts, Flagger and Helm, `{%…%}` of Jinja.
    private static func braces(_ scalars: [Unicode.Scalar]) -> QueryFinding? {
        for index in scalars.indices.dropLast() where scalars[index] == "{" {
            if scalars[index + 1] == "%" {
                return finding(scalars, at: index, "{% is a template of Jinja, which is not expanded here")
            }
            guard scalars[index + 1] == "{" else { continue }
            let inner = scalars[(index + 2)...].prefix { $0 != "}" }
            let name = text(inner.drop { $0 == " " }).trimmingSpaces
            let (tool, instead) = meaning(ofBraces: name)
            return finding(
                scalars,
                at: index,
                "{{\(name.isEmpty ? "…" : name)}} is a template of \(tool), which is not expanded here: \(instead)"
            )
        }
        return nil
    }

    private static func meaning(ofBraces name: String) -> (tool: String, instead: String) {
        let values =
            "write a variable such as \"${application}\", \"${version}\" or \"${namespace}\", or the value itself"
        if name.hasPrefix("args.") { return ("Argo Rollouts", instead(ofName: String(name.dropFirst(5))) ?? values) }
        if name.hasPrefix(".") || name.hasPrefix("-") { return ("Helm or Go", values) }
        if ["namespace", "target", "service", "interval", "name", "ingress"].contains(name) {
            return ("Flagger", instead(ofName: name) ?? values)
        }
        if name.hasPrefix("$") { return ("Prometheus' alerts", values) }
        return ("another tool", instead(ofName: name) ?? values)
    }

    /// `[[name]]` of Grafana.
    private static func brackets(_ scalars: [Unicode.Scalar]) -> QueryFinding? {
        var quote: Unicode.Scalar?
        for index in scalars.indices.dropLast() {
            if let open = quote {
                if scalars[index] == open { quote = nil }
            } else if "\"'`".unicodeScalars.contains(scalars[index]) {
                quote = scalars[index]
            }
            // In a string a set of characters may begin so: [[:alpha:]].
            guard scalars[index] == "[", scalars[index + 1] == "[", let first = scalars[(index + 2)...].first,
                first == "_" || first.properties.isAlphabetic
            else { continue }
            let name = scalars[(index + 2)...].prefix {
                $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
            }
            guard scalars[(index + 2 + name.count)...].starts(with: Array("]]".unicodeScalars)) else { continue }
            let named = text(name)
            return finding(
                scalars,
                at: index,
                "[[\(named)]] is a variable of Grafana, which is not expanded here: \(instead(ofName: named) ?? general)"
            )
        }
        return nil
    }

    // MARK: Dollars

    /// `$name`, `${__name}` and `$(name)`.
    private static func dollars(_ scalars: [Unicode.Scalar]) -> QueryFinding? {
        var index = 0
        var reader = StringPlaces()
        while index < scalars.count {
            defer { index += 1 }
            reader.read(scalars[index])
            guard scalars[index] == "$", index + 1 < scalars.count, !reader.isComment, !reader.isReplacement else {
                continue
            }
            let next = scalars[index + 1]
            if next == "$" {
                index += 1
                continue
            }
            let isBraced = next == "{" || next == "("
            let start = index + (isBraced ? 2 : 1)
            let name = scalars[min(start, scalars.count)...].prefix {
                $0 == "_" || $0 == ":" || $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
            }
            guard let first = name.first, first == "_" || first.properties.isAlphabetic else { continue }
            let named = text(name)
            // Other names in braces are the templates' own, or are refused with what is accepted.
            if next == "{", !named.hasPrefix("__"), !named.contains(":") { continue }
            let shown =
                text(scalars[index...].prefix(start - index + name.count))
                + (next == "{" ? "}" : next == "(" ? ")" : "")
            return finding(
                scalars,
                at: index,
                "\(shown) is a variable of \(named == named.uppercased() ? "another tool" : "Grafana"), which is not expanded "
                    + "here: \(instead(ofName: String(named.prefix { $0 != ":" })) ?? general)"
                    + (isBraced ? "" : "; a plain $ is written $$")
            )
        }
        return nil
    }

    private static let general = "write a variable of Assay such as ${scope} or \"${application}\", or the value itself"

    private static func instead(ofName name: String) -> String? {
        switch name.lowercased().replacing("-", with: "_") {
        case "__rate_interval": "write a time such as 1m, at least four times the scrape interval"
        case "__interval", "__interval_ms", "interval": "write ${step} or a time such as 1m"
        case "__range", "__range_s", "__range_ms": "write ${window} or a time such as 5m"
        case "service", "service_name", "app", "application", "target", "name", "workload", "deployment":
            "write \"${application}\""
        case "namespace", "ns": "write \"${namespace}\""
        case "env", "environment", "stage": "write \"${environment}\""
        case "cluster", "datacenter", "dc": "write \"${cluster}\""
        case "version", "tag", "canary_version", "stable_version", "image_tag": "write \"${version}\""
        case "canary_hash", "stable_hash", "pod_template_hash", "revision", "hash": "write \"${revision}\""
        case "job", "instance", "pod": "write ${scope} as a matcher, or the value itself"
        default: nil
        }
    }
}

/// Where in a query a character stands: in a comment, or in the replacement of `label_replace`, whose groups are `$1`.
private struct StringPlaces {
    private(set) var isComment = false
    private var quote: Unicode.Scalar?
    private var isEscaped = false
    private var word = ""
    private var calls: [(name: String, commas: Int)] = []

    var isReplacement: Bool {
        guard quote != nil, let call = calls.last, call.name == "label_replace" else { return false }
        return call.commas == 2
    }

    mutating func read(_ scalar: Unicode.Scalar) {
        if isComment {
            if scalar == "\n" || scalar == "\r" { isComment = false }
        } else if let open = quote {
            if scalar == open, !isEscaped { quote = nil }
            isEscaped = scalar == "\\" && !isEscaped && open != "`"
        } else {
            switch scalar {
            case "#": isComment = true
            case "\"", "'", "`": quote = scalar
            case "(", "[", "{": calls.append((word, 0))
            case ")", "]", "}": _ = calls.popLast()
            case ",": if !calls.isEmpty { calls[calls.count - 1].commas += 1 }
            default: break
            }
            if scalar == "_" || scalar.isASCII && scalar.properties.isAlphabetic {
                if word.utf8.count < 64 { word.unicodeScalars.append(scalar) }
            } else if scalar != " " {
                word = ""
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
