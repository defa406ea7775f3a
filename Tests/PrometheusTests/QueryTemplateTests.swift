import Prometheus
import Testing

@Suite struct QueryTemplateTests {
    static let variables = QueryVariables(
        scope: [("track", "canary"), ("pod", "api-\"1\"")],
        values: ["version": "1.2+3", "namespace": "shop", "application": "a'b"],
        step: .seconds(60),
        interval: .milliseconds(1500),
        window: .seconds(300)
    )

    @Test(arguments: [
        ("up", "up"),
        ("rate(x{${scope}}[${window}])", #"rate(x{track="canary",pod="api-\"1\""}[300s])"#),
        ("x{job=\"a\", ${scope} , b=\"c\"}", #"x{job="a", track="canary",pod="api-\"1\"" , b="c"}"#),
        ("x{v=\"${version}\"}", #"x{v="1.2+3"}"#),
        (
            "x{v=~\"${version}\"}",
            #"x{v="1.2+3"}"#.replacing("=", with: "=~").replacing(".", with: #"\\."#)
                .replacing("+", with: #"\\+"#)
        ),
        ("x{v !~ # why\n 'v${version}.*'}", "x{v !~ # why\n 'v1\\\\.2\\\\+3.*'}"),
        ("x{a=\"${application}\",b='${application}'}", #"x{a="a'b",b='a\'b'}"#),
        ("x{p=\"${scope.pod}\",q='${scope.pod}'}", #"x{p="api-\"1\"",q='api-"1"'}"#),
        ("avg_over_time(x[${window}:${step}] offset ${interval})", "avg_over_time(x[300s:60s] offset 1500ms)"),
        ("label_replace(x, \"a\", \"$1\", \"b\", `(.*)$`)", "label_replace(x, \"a\", \"$1\", \"b\", `(.*)$`)"),
        ("x{p=~\"/a.*$\"}", "x{p=~\"/a.*$\"}"),
        ("x{p=\"$${version} $$\"}", "x{p=\"${version} $\"}"),
        ("x # ${nothing} \" {\n+ y", "x # ${nothing} \" {\n+ y"),
        ("x{p=\"\\\"${version}\\\\\"}", #"x{p="\"1.2+3\\"}"#),
        ("x{p=\"{${version}}\"}", #"x{p="{1.2+3}"}"#),
        ("", ""),
    ])
    func fills(template: String, query: String) throws {
        #expect(try QueryTemplate(parsing: template).expand(Self.variables) == query)
    }

    @Test(arguments: [
        ("x{v=\"${typo}\"}", 1, 6, "There is no variable ${typo}; accepted are ${scope}, "),
        ("${scope.}", 1, 1, "There is no variable"), ("x{v=\"${scope.a-b}\"}", 1, 6, "There is no variable"),
        ("${ version}", 1, 1, "There is no variable"), ("${Version}", 1, 1, "There is no variable"),
        ("x{v=\"${\"}", 1, 6, "The ${ is not closed"), ("x{v=\"${ver\nsion}\"}", 1, 6, "The ${ is not closed"),
        ("x[$__interval]", 1, 3, "A dollar sign outside"), ("x$$", 1, 2, "A dollar sign outside"),
        ("${scope}", 1, 1, "${scope} stands between"), ("x{a=${scope}}", 1, 5, "${scope} stands between"),
        ("x{a=\"b\" ${scope}}", 1, 9, "${scope} stands between"), ("sum by (a,${scope}) (x)", 1, 11, "${scope} stands"),
        ("x{a=\"${scope}\"}", 1, 6, "${scope} cannot stand in a string"),
        ("x{${scope} a=\"b\"}", 1, 12, "After ${scope} comes"), ("x{${scope}\"b\"}", 1, 11, "After ${scope} comes"),
        ("x{${scope}${scope}}", 1, 11, "After ${scope} comes"),
        ("x{v=${version}}", 1, 5, "${version} stands only in a quoted string"),
        ("vector(${scope.pod})", 1, 8, "${scope.pod} stands only in"),
        ("x{v=`${version}`}", 1, 6, "${version} cannot stand in a `string`"),
        ("x{v=\"${step}\"}", 1, 6, "${step} cannot stand in a string"), ("x{${step}}", 1, 3, "${step} is a duration"),
        ("x{v=\"abc", 1, 5, "The string that starts here"), ("x{v=\"a\nb\"}", 1, 5, "The string that starts here"),
        ("x{v=\"a\\", 1, 5, "The string that starts here"), ("x{v='a\"}", 1, 5, "The string that starts here"),
        ("x{", 1, 3, "A selector's \"{\""), ("x}", 1, 2, "A \"}\" closes nothing"), ("x{a{", 1, 4, "A \"{\" stands"),
        ("up\n+ é + ${typo}", 2, 7, "There is no variable"),
    ])
    func refuses(template: String, line: Int, column: Int, message: String) throws {
        let error = try #require(throws: QueryTemplateError.self) { try QueryTemplate(parsing: template) }
        #expect(error.message.hasPrefix(message))
        #expect([error.line, error.column] == [line, column])
    }

    @Test(arguments: [
        ("x{${scope}}", QueryVariables(), "The scope has no labels."),
        ("x{p=\"${scope.pod}\"}", QueryVariables(scope: [("a", "b")]), "The scope has no label \"pod\"."),
        ("x{v=\"${version}\"}", QueryVariables(), "There is no version to fill in."),
        ("x[${step}]", QueryVariables(), "There is no step to fill in."),
        ("x[${step}]", QueryVariables(step: .zero), "The step is not a duration."),
        ("x[${step}]", QueryVariables(step: .seconds(-5)), "The step is not a duration."),
        ("x[${step}]", QueryVariables(step: .seconds(Int64.max)), "The step is not a duration."),
        ("x{${scope}}", QueryVariables(scope: [("a\"=\"b", "c")]), "The scope has a label that is no label name."),
        ("x{${scope}}", QueryVariables(scope: [("", "c")]), "The scope has a label that is no label name."),
        ("x{${scope}}", QueryVariables(scope: [("1a", "c")]), "The scope has a label that is no label name."),
        ("x{${scope}}", QueryVariables(scope: [("ä", "c")]), "The scope has a label that is no label name."),
    ])
    func cannotFill(template: String, variables: QueryVariables, message: String) throws {
        let parsed = try QueryTemplate(parsing: template)
        let error = try #require(throws: QueryTemplateError.self) { try parsed.expand(variables) }
        #expect(error.message == message)
    }

    @Test func sizeIsBounded() throws {
        #expect(throws: QueryTemplateError.self) { try QueryTemplate(parsing: String(repeating: "x", count: 70_000)) }
        let template = try QueryTemplate(parsing: "x{v=\"${version}\"}")
        let long = QueryVariables(values: ["version": String(repeating: "\"", count: 40_000)])
        #expect(throws: QueryTemplateError.self) { try template.expand(long) }
    }

    @Test func names() throws {
        let template = try QueryTemplate(parsing: "x{v=\"${version}\",w=\"${version}\",p=\"${scope.pod}\"}[${step}]")
        #expect(template.variableNames == ["scope.pod", "step", "version"])
        #expect(template.usesScope)
        #expect(try !QueryTemplate(parsing: "x{v=\"${version}\"}").usesScope)
    }

    /// Whatever the values, the query has the template's tokens, with the values as the strings.
    @Test(arguments: [HostileValues.known, HostileValues.random(3000, seed: 1)])
    func valuesStayValues(values: [String]) throws {
        let template = try QueryTemplate(
            parsing: """
                sum(rate(x{${scope},v="${version}",w='<${version}>', r=~"a${version}b",s!~'${scope.l}'}[${step}]))
                    / ignoring(a) y{v = "${scope.l}" # "${version}
                    } or `$` + label_replace(z, "$1", "${version}", "b", "")
                """
        )
        for value in values {
            let query = try template.expand(
                QueryVariables(scope: [("l", value), ("m", value)], values: ["version": value], step: .seconds(15))
            )
            let regex = Self.quoteMeta(value)
            let strings = [value, value, value, "<\(value)>", "a\(regex)b", regex, value, "$", "$1", value, "b", ""]
            let shape = """
                sum(rate(x{l="",m="",v="",w='', r=~"",s!~''}[15s])) / ignoring(a) y{v=""} or `` +
                label_replace(z, "", "", "", "")
                """
            var left = strings[...]
            let expected: [PromQLLexer.Token] = try PromQLLexer.tokens(shape).map { token in
                token == .string("") ? .string(left.removeFirst()) : token
            }
            #expect(try PromQLLexer.tokens(query) == expected, "\(value.debugDescription)")
        }
    }

    /// A value in a regular expression matches just itself.
    static func quoteMeta(_ value: String) -> String {
        var quoted = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if #"\.+*?()|[]{}^$"#.unicodeScalars.contains(scalar) {
                quoted.append("\\")
            }
            quoted.append(scalar)
        }
        return String(quoted)
    }
}
