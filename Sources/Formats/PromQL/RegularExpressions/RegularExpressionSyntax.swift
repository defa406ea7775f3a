/// Checks a regular expression as Go's `regexp/syntax` does with Perl's flags (RE2), and whether it matches the empty text.
///
/// A placeholder stands for some text that is not empty. Groups are kept in a list, so that nesting costs no stack.
struct RegularExpressionSyntax {
    typealias Element = StringScanner.Element

    /// A group that is open, and what came in it so far.
    private struct Group {
        /// Whether an alternative before, and what stands in this one, may be empty.
        var alternativeIsEmpty = false
        var sequenceIsEmpty = true
        /// What a repetition would take hold of: whether it may be empty, and how often it repeats its parts.
        var last: Atom?
        /// The largest product of counts of repetitions inside.
        var repeats = 1
    }

    private struct Atom {
        var isEmpty: Bool
        var repeats = 1
        var isRepetition = false
        /// Where the repetition ends in the text.
        var end = 0
    }

    private static let maximumGroups = 250
    private static let maximumRepeats = 1000

    /// Nil for a placeholder.
    private let scalars: [Unicode.Scalar?]
    private var index = 0
    private var groups = [Group()]

    /// Whether the whole of an empty text matches; throws when Go would refuse the expression.
    static func acceptsEmpty(_ elements: [Element]) throws(RegularExpressionProblem) -> Bool {
        var syntax = RegularExpressionSyntax(try scalars(of: elements))
        return try syntax.read()
    }

    private init(_ scalars: [Unicode.Scalar?]) {
        self.scalars = scalars
    }

    private static func scalars(of elements: [Element]) throws(RegularExpressionProblem) -> [Unicode.Scalar?] {
        var (scalars, bytes): ([Unicode.Scalar?], [UInt8]) = ([], [])
        func flush() throws(RegularExpressionProblem) {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw RegularExpressionProblem(problem: "it is not UTF-8")
            }
            scalars += Array(text.unicodeScalars)
            bytes = []
        }
        for element in elements {
            switch element {
            case .byte(let byte): bytes.append(byte)
            case .placeholder:
                try flush()
                scalars.append(nil)
            }
        }
        try flush()
        return scalars
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    private mutating func read() throws(RegularExpressionProblem) -> Bool {
        while index < scalars.count {
            guard let scalar = scalars[index] else {
                index += 1
                add(Atom(isEmpty: false))
                continue
            }
            try read(scalar)
        }
        guard groups.count == 1 else { throw RegularExpressionProblem(problem: "a ) is missing") }
        return finished().isEmpty
    }

    private mutating func read(_ scalar: Unicode.Scalar) throws(RegularExpressionProblem) {
        switch scalar {
        case "(": try open()
        case ")":
            guard groups.count > 1 else { throw RegularExpressionProblem(problem: "a ) closes nothing") }
            index += 1
            let group = finished()
            groups.removeLast()
            add(group)
        case "|":
            index += 1
            settle()
            top.alternativeIsEmpty = top.alternativeIsEmpty || top.sequenceIsEmpty
            top.sequenceIsEmpty = true
        case "*", "+", "?":
            index += 1
            try repeatLast(minimum: scalar == "+" ? 1 : 0, sign: String(scalar), from: index - 1)
        case "{" where repetition() != nil:
            let (minimum, maximum, length) = repetition() ?? (0, nil, 1)
            index += length
            guard minimum <= Self.maximumRepeats, (maximum ?? minimum) <= Self.maximumRepeats,
                maximum ?? minimum >= minimum
            else {
                throw RegularExpressionProblem(problem: "a repetition {…} is out of bounds: at most 1000 is accepted")
            }
            try repeatLast(minimum: minimum, sign: "{…}", count: maximum ?? minimum, from: index - length)
        case "[":
            var set = CharacterSetSyntax(scalars, from: index)
            index = try set.read()
            add(Atom(isEmpty: false))
        case "\\": try readEscape()
        case "^", "$":
            index += 1
            add(Atom(isEmpty: true))
        default:
            index += 1
            add(Atom(isEmpty: false))
        }
    }

    // MARK: Atoms

    private var top: Group {
        get { groups[groups.count - 1] }
        set { groups[groups.count - 1] = newValue }
    }

    private mutating func add(_ atom: Atom) {
        settle()
        top.last = atom
    }

    /// Makes the last atom part of the sequence: nothing can repeat it any more.
    private mutating func settle() {
        guard let last = top.last else { return }
        top.repeats = max(top.repeats, last.repeats)
        top.sequenceIsEmpty = top.sequenceIsEmpty && last.isEmpty
        top.last = nil
    }

    /// The whole group as an atom.
    private mutating func finished() -> Atom {
        settle()
        return Atom(isEmpty: top.alternativeIsEmpty || top.sequenceIsEmpty, repeats: top.repeats)
    }

    private mutating func repeatLast(
        minimum: Int,
        sign: String,
        count: Int = 1,
        from start: Int
    ) throws(RegularExpressionProblem) {
        guard var last = top.last else { throw RegularExpressionProblem(problem: "\(sign) repeats nothing") }
        guard !last.isRepetition || last.end != start else {
            throw RegularExpressionProblem(problem: "\(sign) repeats a repetition")
        }
        if peek() == "?" { index += 1 }
        last.isEmpty = last.isEmpty || minimum == 0
        last.repeats *= max(1, count)
        guard last.repeats <= Self.maximumRepeats else {
            throw RegularExpressionProblem(problem: "repetitions multiply to more than 1000")
        }
        last.isRepetition = true
        last.end = index
        top.last = last
    }

    /// `{2}`, `{2,}` or `{2,3}`, and its length; nil for a brace that stands for itself.
    private func repetition() -> (minimum: Int, maximum: Int?, length: Int)? {
        var offset = 1
        func number() -> Int? {
            var digits = ""
            while let scalar = peek(offset + digits.count), ("0"..."9").contains(scalar) {
                digits.unicodeScalars.append(scalar)
            }
            guard !digits.isEmpty, digits == "0" || !digits.hasPrefix("0") else { return nil }
            return Int(digits) ?? Int.max
        }
        func length(of number: Int) -> Int {
            var count = 0
            while let scalar = peek(offset + count), ("0"..."9").contains(scalar) { count += 1 }
            return count
        }
        guard let minimum = number() else { return nil }
        offset += length(of: minimum)
        var maximum: Int? = minimum
        if peek(offset) == "," {
            offset += 1
            maximum = nil
            if peek(offset) != "}" {
                guard let number = number() else { return nil }
                maximum = number
                offset += length(of: number)
            }
        }
        guard peek(offset) == "}" else { return nil }
        return (minimum, maximum, offset + 1)
    }

    // MARK: Groups

    private mutating func open() throws(RegularExpressionProblem) {
        guard groups.count < Self.maximumGroups else {
            throw RegularExpressionProblem(problem: "groups are nested more than \(Self.maximumGroups) deep")
        }
        index += 1
        guard peek() == "?" else { return groups.append(Group()) }
        index += 1
        if peek() == "P" && peek(1) == "<" || peek() == "<" && peek(1) != "=" && peek(1) != "!" {
            index += peek() == "P" ? 2 : 1
            try readName()
            return groups.append(Group())
        }
        try readFlags()
    }

    private mutating func readName() throws(RegularExpressionProblem) {
        var name = ""
        while let scalar = peek(), scalar != ">" {
            guard scalar.isASCII, scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) else {
                break
            }
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard peek() == ">", !name.isEmpty else { throw RegularExpressionProblem(problem: "a group has no valid name") }
        index += 1
    }

    /// `(?i)` changes what follows, `(?i:` begins a group.
    private mutating func readFlags() throws(RegularExpressionProblem) {
        var (isNegative, hasFlag) = (false, false)
        while let scalar = peek() {
            index += 1
            switch scalar {
            case "i", "m", "s", "U": hasFlag = true
            case "-" where !isNegative: (isNegative, hasFlag) = (true, false)
            case ":" where !isNegative || hasFlag: return groups.append(Group())
            case ")" where hasFlag || !isNegative: return
            default:
                throw RegularExpressionProblem(
                    problem:
                        "(?\(scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F ? String(scalar) : "…") is not accepted: RE2 knows no look-ahead and no look-behind"
                )
            }
        }
        throw RegularExpressionProblem(problem: "a ) is missing")
    }

    // MARK: Escapes

    private mutating func readEscape() throws(RegularExpressionProblem) {
        switch peek(1) {
        case "A", "z", "B":
            index += 2
            add(Atom(isEmpty: true))
        case "b":
            // Nothing has no border of a word.
            index += 2
            add(Atom(isEmpty: false))
        case "Q": try readQuoted()
        default:
            index = try EscapeSyntax(scalars, from: index).end(inSet: false)
            add(Atom(isEmpty: false))
        }
    }

    /// `\Q…\E`. Without its end it would take in the parenthesis that Prometheus puts around each expression.
    private mutating func readQuoted() throws(RegularExpressionProblem) {
        index += 2
        while index < scalars.count {
            if peek() == "\\", peek(1) == "E" {
                index += 2
                return
            }
            index += 1
            add(Atom(isEmpty: false))
        }
        throw RegularExpressionProblem(problem: "\\Q has no \\E")
    }
}
