/// What may stand between an operator and its right side, and lists of labels.
extension PromQLParser {
    mutating func matching() throws(SyntaxProblem) -> VectorMatching {
        var matching = VectorMatching()
        switch next.kind {
        case .keyword(.on):
            _ = advance()
            matching.labels = .on(try groupingLabels())
        case .keyword(.ignoring):
            _ = advance()
            matching.labels = .ignoring(try groupingLabels())
        default: break
        }
        if matching.labels != nil {
            switch next.kind {
            case .keyword(.groupLeft):
                _ = advance()
                matching.many = .left(try optionalGroupingLabels())
            case .keyword(.groupRight):
                _ = advance()
                matching.many = .right(try optionalGroupingLabels())
            default: break
            }
        }
        matching.fills = try fills()
        return matching
    }

    private mutating func fills() throws(SyntaxProblem) -> [VectorMatching.Fill] {
        var fills: [VectorMatching.Fill] = []
        while case .keyword(let keyword) = next.kind, let side = VectorMatching.Fill.Side(rawValue: keyword.rawValue) {
            let sides = fills.map(\.side)
            guard !sides.contains(side), !sides.contains(.both), side != .both || sides.isEmpty else {
                throw unexpected("after another fill modifier")
            }
            _ = advance()
            try expect(.leftParenthesis, "after \(side.rawValue): a number in parentheses is accepted")
            let start = next.range.start
            if case .binary(let sign) = next.kind, sign == .add || sign == .subtract { _ = advance() }
            _ = try number()
            fills.append(VectorMatching.Fill(side: side, value: text(of: SourceRange(start: start, end: end))))
            try expect(.rightParenthesis, "after the number of \(side.rawValue)")
        }
        return fills
    }

    private mutating func optionalGroupingLabels() throws(SyntaxProblem) -> [GroupingLabel]? {
        next.kind == .leftParenthesis ? try groupingLabels() : nil
    }

    /// `(a, b)`, `(a,)` or `()`.
    mutating func groupingLabels() throws(SyntaxProblem) -> [GroupingLabel] {
        try expect(.leftParenthesis, "where label names in parentheses are accepted")
        var labels: [GroupingLabel] = []
        while next.kind != .rightParenthesis {
            if !labels.isEmpty {
                try expect(.comma, "in a list of label names, where a comma or ) is accepted")
                if next.kind == .rightParenthesis { break }
            }
            labels.append(try groupingLabel())
        }
        _ = advance()
        return labels
    }

    private mutating func groupingLabel() throws(SyntaxProblem) -> GroupingLabel {
        switch next.kind {
        case .identifier, .metricIdentifier, .keyword:
            let range = advance().range
            return GroupingLabel(text: text(of: range), name: text(of: range), range: range)
        case .string:
            let literal = try string()
            guard let name = literal.value, !name.isEmpty else {
                throw SyntaxProblem("a label's name is accepted here", at: literal.range.start)
            }
            return GroupingLabel(text: literal.text, name: name, range: literal.range)
        default: throw unexpected("where a label's name is accepted")
        }
    }
}
