import Testing

@testable import PromQL

@Suite struct PromQLParserTests {
    @Test(arguments: AcceptedQueries.all)
    func accepted(_ query: String) throws {
        let expression = try PromQLParser.parse(query)
        // Printed and read again it is the same.
        #expect(try PromQLParser.parse(expression.text) == expression, "\(expression.text)")
    }

    @Test(arguments: NewerQueries.all.map(\.query))
    func newer(_ query: String) throws {
        let expression = try PromQLParser.parse(query)
        #expect(try PromQLParser.parse(expression.text) == expression, "\(expression.text)")
        #expect(NewerFeatures.areUsed(in: expression))
    }

    @Test(arguments: RefusedQueries.all)
    func refused(_ query: String) {
        #expect(throws: PromQLError.self) { try PromQLParser.parse(query) }
    }

    @Test(arguments: [
        ("sum(rate(x[5m]) / y", 1, 20, "the query ends in the arguments of sum"),
        ("sum(rate(x))", 1, 10, "the argument of rate() must be a range vector, as in x[5m], not an instant vector"),
        ("sum(rte(x[5m]))", 1, 5, "there is no function rte (did you mean rate?)"),
        ("sum(x)\n  + \"a\"", 2, 5, "each side of + must be a scalar or an instant vector, not a string"),
        ("up{job=~\"*\"}", 1, 9, "is not a regular expression: * repeats nothing"),
        ("up{ä=\"a\"}", 1, 4, "U+E4 is not accepted inside {…}"),
        ("up{a=\"ä\"} ä", 1, 11, "U+E4 is not accepted here"),
        ("1 == 1", 1, 3, "needs bool"), ("{job=~\".*\"}", 1, 1, "would select everything"),
        ("x[5x]", 1, 3, "\"5x\" is neither"),
    ])
    func errorsSayWhere(_ query: String, line: Int, column: Int, problem: String) {
        let error = #expect(throws: PromQLError.self) { try PromQLParser.parse(query) }
        #expect(error?.place == SourcePlace(line: line, column: column))
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func operatorsBindAsInPrometheus() throws {
        for (query, meant) in [
            ("a + b * c", "a + (b * c)"), ("a * b + c", "(a * b) + c"), ("a - b - c", "(a - b) - c"),
            ("a ^ b ^ c", "a ^ (b ^ c)"),
            ("-a ^ b", "-(a ^ b)"), ("-a * b", "(-a) * b"), ("a or b and c", "a or (b and c)"),
            ("a == b + c", "a == (b + c)"),
            ("a ^ -b * c", "(a ^ (-b)) * c"),
            ("-x offset 5m", "-(x offset 5m)".replacing("(", with: "").replacing(")", with: "")),
        ] {
            let bare = try PromQLParser.parse(query).withoutParentheses
            #expect(try bare == PromQLParser.parse(meant).withoutParentheses, "\(query)")
        }
    }

    @Test func placeholdersOfTemplates() throws {
        let text = "rate(x{${scope}, app=\"${application}\", pod=~\"a-${scope.pod}.*\"}[${step}]) > ${window}"
        let expression = try PromQLParser.parse(template: text)
        #expect(try PromQLParser.parse(template: expression.text) == expression)
        let matchers = try #require(expression.selectors.first?.matchers)
        guard case .placeholder("scope", _) = matchers[0], case .label(let pod) = matchers[2] else {
            return #expect(Bool(false), "\(matchers)")
        }
        #expect(pod.value.placeholders == ["scope.pod"])
        // Its labels select something.
        _ = try PromQLParser.parse(template: "{${scope}}")
        #expect(throws: PromQLError.self) { try PromQLParser.parse(template: "x + ${scope") }
        #expect(throws: PromQLError.self) { try PromQLParser.parse("x[${step}]") }
    }

    @Test func depthIsBounded() {
        for query in [
            String(repeating: "(", count: 10_000) + "x", String(repeating: "-", count: 10_000) + "x",
            String(repeating: "x+", count: 10_000) + "x",
            String(repeating: "sum(", count: 5000) + "x", "x" + String(repeating: "[5m:]", count: 5000),
            String(repeating: "x^", count: 10_000) + "x",
            "x[" + String(repeating: "(", count: 10_000) + "5m",
            "x{a=~\"" + String(repeating: "(", count: 10_000) + "\"}",
        ] {
            #expect(throws: PromQLError.self) { try PromQLParser.parse(query) }
        }
    }

    /// The grammar is held against Prometheus' own: what both say about the same queries, written and random.
    @Test(.enabled(if: Promtool.path != nil, "promtool is not installed"), arguments: [UInt64](1...4))
    func agreesWithPrometheus(seed: UInt64) async throws {
        var generator = QueryGenerator(seed: seed)
        var queries = seed == 1 ? AcceptedQueries.all + RefusedQueries.all : []
        for _ in 0..<1500 { queries.append(generator.query()) }
        for _ in 0..<1500 { queries.append(generator.damaged(generator.query())) }
        for _ in 0..<500 { queries.append(generator.damaged(generator.pick(AcceptedQueries.all))) }
        // An empty expression is refused before it is parsed, and ends the check of all others.
        queries = queries.filter { !$0.isEmpty && !$0.unicodeScalars.contains("\u{0}") }
        let refusals = try await Promtool.refusals(of: queries)
        var (accepted, refused) = (0, 0)
        for (index, query) in queries.enumerated() {
            do {
                let expression = try PromQLParser.parse(query)
                #expect(try PromQLParser.parse(expression.text) == expression, "\(query) → \(expression.text)")
                if NewerFeatures.areUsed(in: expression) { continue }
                accepted += 1
                #expect(refusals[index] == nil, "\(query)")
            } catch {
                if Self.isOldLeniency(query) { continue }
                refused += 1
                #expect(refusals[index] != nil, "\(query): \(error)")
            }
        }
        #expect(accepted > 1000)
        #expect(refused > 500)
    }

    /// Prometheus 2.42 takes any letter inside of `[…]` for the colon of a subquery; newer ones do not.
    private static func isOldLeniency(_ query: String) -> Bool {
        query.contains(/\[[^\]]*[A-Za-z_:][^\]]*\]/) && query.contains(/\[\s*\d+[a-z0-9]*\s*[A-Za-z_]/)
    }
}

extension PromQLExpression {
    /// The same tree with none of the parentheses that were written.
    var withoutParentheses: PromQLExpression {
        switch self {
        case .parentheses(let inner, _): return inner.withoutParentheses
        case .binary(var operation):
            operation.left = operation.left.withoutParentheses
            operation.right = operation.right.withoutParentheses
            return .binary(operation)
        case .unary(var operation):
            operation.operand = operation.operand.withoutParentheses
            return .unary(operation)
        default: return self
        }
    }
}
