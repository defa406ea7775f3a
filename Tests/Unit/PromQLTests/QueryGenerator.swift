import SeededRandom

/// Random expressions of the grammar that Prometheus 2.42 reads, mostly of the right types.
struct QueryGenerator {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func space() -> String { pick(["", " ", " ", "\n", "\t"]) }

    mutating func query() -> String {
        chance(90) ? vector(3) : chance(50) ? scalar(2) : matrix(2)
    }

    private mutating func name() -> String {
        pick(["up", "x_total", "a:b", "sum", "offset", "y_bucket", "_z", "end", "by", "http_requests_total"])
    }

    private mutating func label() -> String { pick(["job", "le", "code", "on", "sum", "_a", "instance"]) }

    private mutating func labels() -> String {
        let names = (0..<Int.random(in: 0...3, using: &random)).map { _ in label() }
        return "(" + names.joined(separator: "," + space()) + (chance(10) && !names.isEmpty ? "," : "") + ")"
    }

    private mutating func string() -> String {
        let quote = pick(["\"", "'", "`"])
        return quote + pick(["", "a", "5..", "a|b", ".*", ".+", "x-y", "ä", "[0-9]+", "a{2}", "(a|b)?"]) + quote
    }

    private mutating func matcher() -> String {
        label() + space() + pick(["=", "!=", "=~", "!~"]) + space() + string()
    }

    private mutating func selector() -> String {
        let matchers = (0..<Int.random(in: 0...3, using: &random)).map { _ in matcher() }
        guard chance(70) || matchers.isEmpty else { return name() }
        return (chance(80) ? name() : "") + "{" + matchers.joined(separator: "," + space()) + "}"
    }

    private mutating func duration() -> String { pick(["5m", "1h", "30s", "1d", "1h30m", "100ms", "2w", "1y"]) }

    private mutating func number() -> String {
        pick(["0", "1", "-2", "0.5", "1e3", ".5", "0x1f", "inf", "NaN", "100", "017", "1e-3"])
    }

    private mutating func modifiers() -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: " offset " + duration()
        case 1: " offset -" + duration()
        case 2: " @ 1600000000"
        case 3: " @ start()"
        case 4: " @ end() offset " + duration()
        default: ""
        }
    }

    private mutating func scalar(_ depth: Int) -> String {
        guard depth > 0, chance(50) else { return number() }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "scalar(" + vector(depth - 1) + ")"
        case 1: return "time()"
        case 2:
            return scalar(depth - 1) + space() + pick(["+", "-", "*", "/", "%", "^", "== bool ", "> bool "]) + space()
                + scalar(depth - 1)
        case 3: return "(" + scalar(depth - 1) + ")"
        default: return "-" + scalar(depth - 1)
        }
    }

    private mutating func matrix(_ depth: Int) -> String {
        guard depth > 0, chance(30) else { return selector() + "[" + duration() + "]" + modifiers() }
        return "(" + vector(depth - 1) + ")[" + duration() + ":" + (chance(50) ? duration() : "") + "]" + modifiers()
    }

    private mutating func vector(_ depth: Int) -> String {
        guard depth > 0, chance(85) else { return selector() + modifiers() }
        let inner = depth - 1
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: return pick(["rate", "increase", "avg_over_time", "delta", "changes"]) + "(" + matrix(inner) + ")"
        case 2:
            return pick(["abs", "ceil", "sort", "timestamp", "absent", "histogram_sum"]) + "(" + vector(inner) + ")"
        case 3: return pick(["clamp_max(", "clamp_min(", "round("]) + vector(inner) + ", " + scalar(inner) + ")"
        case 4: return "histogram_quantile(" + scalar(inner) + ", " + vector(inner) + ")"
        case 5: return aggregation(inner)
        case 6: return pick(["-", "+", ""]) + "(" + vector(inner) + ")"
        default: return operation(inner)
        }
    }

    private mutating func aggregation(_ depth: Int) -> String {
        let grouping = chance(60) ? " " + pick(["by", "without", "BY"]) + " " + labels() : ""
        let (name, argument) =
            chance(70)
            ? (pick(["sum", "avg", "max", "count", "group", "stddev"]), vector(depth))
            : (pick(["topk", "quantile", "bottomk"]), scalar(depth) + ", " + vector(depth))
        return chance(50) ? name + grouping + " (" + argument + ")" : name + "(" + argument + ")" + grouping
    }

    private mutating func operation(_ depth: Int) -> String {
        let (left, right) = (vector(depth), vector(depth))
        let matching = chance(30) ? pick(["on", "ignoring"]) + " " + labels() + " " : ""
        if chance(20) { return left + " " + pick(["and", "or", "unless"]) + " " + matching + right }
        let many =
            matching.isEmpty || chance(60)
            ? "" : pick(["group_left", "group_right"]) + pick([" ", " (zone) ", " () "])
        let sign = pick(["+", "-", "*", "/", "%", "^", "==", "!=", "<", ">=", "> bool", "== bool", "atan2"])
        if matching.isEmpty, chance(30) { return left + " " + sign + " " + scalar(depth) }
        return left + " " + sign + " " + matching + many + right
    }

    /// The text with a few slips: characters lost, doubled, swapped or replaced by what PromQL is made of.
    mutating func damaged(_ query: String) -> String {
        var characters = Array(query)
        for _ in 0...Int.random(in: 0...2, using: &random) where !characters.isEmpty {
            let index = Int.random(in: 0..<characters.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: characters.remove(at: index)
            case 1: characters.insert(characters[index], at: index)
            case 2: characters.swapAt(index, Int.random(in: 0..<characters.count, using: &random))
            case 3:
                characters.insert(
                    contentsOf: pick([
                        "(", ")", "[5m]", "{", "}", ",", "\"", " by (a) ", "bool ", " on (a) ", "offset 5m", "-", "1",
                        ":", "=", "~", "[5m:1m]",
                    ]),
                    at: index
                )
            default: characters[index] = pick(Array("(){}[]\"'`,:=~!<>+-*/%^@$#.015msabx_ \\"))
            }
        }
        return String(characters)
    }
}
