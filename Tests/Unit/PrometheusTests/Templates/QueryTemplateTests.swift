import Testing

@testable import Prometheus

@Suite struct QueryTemplateTests {
    static let variables = QueryVariables(
        scope: [("track", "canary"), ("pod", "x")],
        values: ["application": "shop", "version": "1.2.3", "namespace": "it's \"so\""],
        step: "60s",
        interval: "5m",
        window: "1h30m"
    )

    @Test(
        arguments: [
            ("up", "up"),
            ("up{${scope}}", #"up{track="canary",pod="x"}"#),
            (#"up{ a="b", ${scope} , c="d"}"#, #"up{ a="b", track="canary",pod="x" , c="d"}"#),
            ("up{a=\"b\",\n# here\n${scope}}", "up{a=\"b\",\n# here\ntrack=\"canary\",pod=\"x\"}"),
            (#"up{v="${version}"}"#, #"up{v="1.2.3"}"#),
            (#"up{v=~"${version}"}"#, #"up{v=~"1\\.2\\.3"}"#),
            (#"up{v!~ 'a${version}(?:b|c)'}"#, #"up{v!~ 'a1\\.2\\.3(?:b|c)'}"#),
            (
                #"up{v=~"(?:${version})?", w=~"[^]a-z]${application}[[:alpha:]]+"}"#,
                #"up{v=~"(?:1\\.2\\.3)?", w=~"[^]a-z]shop[[:alpha:]]+"}"#
            ),
            (#"up{v=~#c"'\#n"${version}"}"#, #"up{v=~#c"'\#n"1\\.2\\.3"}"#),
            (#"up{v="${namespace}", w='${namespace}'}"#, #"up{v="it's \"so\"", w='it\'s "so"'}"#),
            (#"up{pod="${scope.pod}"}"#, #"up{pod="x"}"#),
            ("rate(a[${window}:${step}] offset ${interval})", "rate(a[1h30m:60s] offset 5m)"),
            ("a offset -${step}", "a offset -60s"),
            (#"up{a=~"foo$"}"#, #"up{a=~"foo$"}"#),
            (#"up{a=~"foo$$", b="$${version}"}"#, #"up{a=~"foo$", b="${version}"}"#),
            (#"up{a=~"\\d+\x2e\056\u002e\U0000002e\""}"#, #"up{a=~"\\d+\x2e\056\u002e\U0000002e\""}"#),
            ("up{a=~`\\d\n{$1`}", "up{a=~`\\d\n{$1`}"),
            (#"label_replace(up, "a", "$1", "b", "(.*)")"#, #"label_replace(up, "a", "$1", "b", "(.*)")"#),
            (
                #"label_replace(sum by (a, b) (up), "a", "${version}$1", "b", ("${version}.*"))"#,
                #"label_replace(sum by (a, b) (up), "a", "1.2.3$1", "b", ("1\\.2\\.3.*"))"#
            ),
            ("up # ${anything} $$ } \" ${scope}\n", "up # ${anything} $$ } \" ${scope}\n"),
            (##"a{x="}"} + b{x="# no"}"##, ##"a{x="}"} + b{x="# no"}"##),
            ("{\"a.b\",${scope}}", "{\"a.b\",track=\"canary\",pod=\"x\"}"),
            ("up{a=\"\u{301}é\"}", "up{a=\"\u{301}é\"}"),
        ] as [(String, String)]
    )
    func expands(template: String, expected: String) throws {
        let expanded = try QueryTemplate(parsing: template).expand(Self.variables)
        #expect(Array(expanded.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("", 1, "the query is empty"),
        (" # nothing\n", 1, "the query is empty"),
        ("up{a=\"${scpe}\"}", 7, "did you mean ${scope}?"),
        ("up{a=\"${Version}\"}", 7, "did you mean ${version}?"),
        ("up{a=\"${colour}\"}", 7, "accepted are ${scope}, ${scope.NAME}, ${application}"),
        ("up{a=\"${version:-x}\"}", 7, "is not a variable"),
        ("up{a=\"${}\"}", 7, "is not a variable"),
        ("up{a=\"${scope.1a}\"}", 7, "names no label"),
        ("up{a=\"${scope.}\"}", 7, "names no label"),
        ("up{a=\"${version\"}", 7, "never closed with }"),
        ("up{a=~`\\d${`}", 10, "never closed with }"),
        ("up${", 3, "never closed with }"),
        ("up{a=\"b}", 6, "string is never closed"),
        ("up{a='b\n'}", 6, "on the same line"),
        ("up{a=`b}", 6, "string is never closed"),
        ("up{a=\"b\\", 8, "backslash starts no escape"),
        ("up{a=~\"\\d\"}", 8, "backslash starts no escape"),
        ("up{a='\\\"'}", 7, "backslash starts no escape"),
        ("up{a=\"\\${version}\"}", 7, "backslash starts no escape"),
        ("up{a=\"\\x4${version}\"}", 7, "escape is not complete"),
        ("up{a=\"\\ud800\"}", 7, "escape is not complete"),
        ("up{a=\"\\400\"}", 7, "escape is not complete"),
        ("up{a=\"\\U7fffffff\"}", 7, "escape is not complete"),
        ("up{", 3, "never closed with }"),
        ("sum(up", 4, "never closed with )"),
        ("up}", 3, "closes nothing"),
        ("sum(up]", 7, "does not fit"),
        ("up{{}}", 4, "no { is accepted"),
        ("up{a=(1)}", 6, "no ( is accepted"),
        ("${scope}", 1, "only as a matcher"),
        ("up{a=${scope}}", 6, "only as a matcher"),
        ("up{a=\"b\" ${scope}}", 10, "only as a matcher"),
        ("up{${scope}${scope}}", 12, "only as a matcher"),
        ("up{${scope} a=\"b\"}", 13, "only a comma or }"),
        ("up{${scope}\"b\"}", 12, "only a comma or }"),
        ("sum by (${scope}) (up)", 9, "only as a matcher"),
        ("up{a=\"${scope}\"}", 7, "not accepted inside a string"),
        ("up{a=\"${step}\"}", 7, "only outside of strings"),
        ("up{${step}}", 4, "a whole duration"),
        ("a[5${step}]", 4, "a whole duration"),
        ("a[${step}5m]", 3, "a whole duration"),
        ("a[${step}${step}]", 3, "a whole duration"),
        ("up == ${version}", 7, "only inside a string"),
        ("up{${scope.pod}}", 4, "only inside a string"),
        ("up{a=`${version}`}", 7, "not accepted in backticks"),
        (#"up{a=~"\\${version}"}"#, 10, "after a backslash"),
        (#"up{a=~"\x5c${version}"}"#, 12, "after a backslash"),
        (#"up{a=~"\\Qa${version}\\E"}"#, 12, "inside \\Q…\\E"),
        (#"up{a=~"\\x4${version}"}"#, 12, "inside an escape"),
        (#"up{a=~"\\p{${version}}"}"#, 12, "inside an escape"),
        (#"up{a=~"\\0${version}"}"#, 11, "inside an escape"),
        (#"up{a=~"[${version}]"}"#, 9, "inside […]"),
        (#"up{a=~"[]${version}]"}"#, 10, "inside […]"),
        (#"up{a=~"[^^][]${version}]"}"#, 14, "inside […]"),
        (#"up{a=~"{[}${version}]"}"#, 11, "inside […]"),
        (#"up{a=~"[[:alpha:]${version}]"}"#, 18, "inside […]"),
        (#"up{a=~"x{${version}}"}"#, 10, "inside {…}"),
        (#"up{a=~"(?${version}:x)"}"#, 10, "after (?"),
        (#"up{a=~"${version}+"}"#, 8, "only in a group"),
        (#"up{a=~"${version}\x2b"}"#, 8, "only in a group"),
        (#"label_replace(up, "a", "$1${version}", "b", "")"#, 27, "before the first $"),
        (#"label_replace(up, "a", ("$$${version}"), "b", "")"#, 28, "before the first $"),
        (#"label_replace(up, "a", "\x24${version}", "b", "")"#, 29, "before the first $"),
        (#"label_replace(up, "a", "$1", "b", "[${version}]")"#, 37, "inside […]"),
    ])
    func refuses(template: String, column: Int, problem: String) throws {
        let error = try #require(throws: QueryTemplateError.self) { try QueryTemplate(parsing: template) }
        #expect(error.column == column, "\(error)")
        #expect(error.line == 1)
        #expect(error.problem.contains(problem), "\(error)")
        #expect(error.description == "column \(column): \(error.problem)")
    }

    @Test func namesTheLineOfLongerTemplates() throws {
        let error = try #require(throws: QueryTemplateError.self) { try QueryTemplate(parsing: "up\n  {${x}}") }
        #expect(error.description.hasPrefix("line 2, column 4: ${x} is not a variable"))
    }

    @Test func comparesByteForByte() throws {
        let composed = try QueryTemplate(parsing: "up{a=\"\u{E9}\"}")
        #expect(try composed == QueryTemplate(parsing: "up{a=\"\u{E9}\"}"))
        #expect(try composed != QueryTemplate(parsing: "up{a=\"e\u{301}\"}"))
    }

    @Test func bindsTheSizes() throws {
        let room = QueryTemplate.maximumSize - 2
        #expect(throws: Never.self) { try QueryTemplate(parsing: "up" + String(repeating: " ", count: room)) }
        let error = try #require(throws: QueryTemplateError.self) {
            try QueryTemplate(parsing: "up" + String(repeating: " ", count: room + 1))
        }
        #expect(error.problem.contains("at most 16384 are accepted"))
        // A deep nest is no recursion.
        let deep = String(repeating: "(", count: 8000) + "1" + String(repeating: ")", count: 8000)
        #expect(try QueryTemplate(parsing: deep).expand(Self.variables) == deep)
    }

    @Test(arguments: [#"up{v="${version}"}"#, "up{${scope}}", #"up{v="${scope.pod}"}"#])
    func bindsTheExpansion(template: String) throws {
        let template = try QueryTemplate(parsing: template)
        for count in [22_000, 70_000] {
            let large = HostileValues.variables(String(repeating: "\u{0}", count: count))
            let error = try #require(throws: QueryTemplateError.self) { try template.expand(large) }
            #expect(error.problem.contains("at most 65536 bytes are accepted"))
            #expect(error.column > 1)
        }
    }
}
