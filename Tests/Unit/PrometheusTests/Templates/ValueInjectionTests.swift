import PromQLLexer
import Testing

@testable import Prometheus

/// A value is data: whatever it holds, the query keeps its structure and the value keeps its meaning.
@Suite struct ValueInjectionTests {
    private static let values = HostileValues.all + HostileValues.random(2000)

    @Test(arguments: [
        #"sum(rate(a{app="${application}",${scope},code=~"5.."}[${window}]))"#,
        #"a{v=~'x${version}.*',w!~"(?:${revision})?$"} or on (v) b{p!='${scope.pod}'} # ${scope}"#,
        #"label_replace(a{${scope}}, "d", "${version}$1", "s", "${environment}(.*)")"#,
        #"{"${namespace}", `raw`="x", ${scope}} offset ${interval}"#,
    ])
    func keepsTheStructure(source: String) throws {
        let template = try QueryTemplate(parsing: source)
        let shape = try PromQLToken.tokens(of: template.expand(HostileValues.variables("v"))).map(\.shape)
        for value in Self.values {
            let tokens = try PromQLToken.tokens(of: template.expand(HostileValues.variables(value)))
            #expect(tokens.map(\.shape) == shape, "\(value.debugDescription)")
        }
    }

    @Test func keepsTheMeaning() throws {
        let template = try QueryTemplate(
            parsing: #"""
                label_replace(a{${scope},t="<${version}>",u='<${version}>',r=~"<${version}>",n!~'<${version}>'}, "d", "<${version}$1", "s", "<${version}>")
                """#
        )
        for value in Self.values {
            let strings = try PromQLToken.tokens(of: template.expand(HostileValues.variables(value)))
                .compactMap { token in if case .string(let content) = token { content } else { nil } }
            let (quoted, doubled) = (HostileValues.quoteMeta(value), HostileValues.doubled(value))
            let expected = [
                value, value, "<\(value)>", "<\(value)>", "<\(quoted)>", "<\(quoted)>", "d", "<\(doubled)$1", "s",
                "<\(quoted)>",
            ]
            #expect(strings == expected.map { Array($0.utf8) }, "\(value.debugDescription)")
        }
    }

    @Test func keepsControlCharactersOutOfTheText() throws {
        let template = try QueryTemplate(parsing: #"a{${scope},v=~"${version}"}"#)
        for value in Self.values {
            let query = try template.expand(HostileValues.variables(value))
            #expect(query.unicodeScalars.allSatisfy(PromQL.isPlain), "\(value.debugDescription)")
        }
    }
}

extension HostileValues {
    /// A value as Go's Regexp.Expand takes it for itself.
    static func doubled(_ value: String) -> String {
        value.unicodeScalars.map { $0 == "$" ? "$$" : String(Character($0)) }.joined()
    }
}
