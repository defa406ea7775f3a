import EventFormats
import PlanFormats
import Testing

@Suite struct AccessTokenFileTests {
    private static let hash = String(repeating: "0a", count: 32)
    private static let other = String(repeating: "b1", count: 32)
    private static let good = """
        apiVersion: assay.dev/v1
        kind: AccessTokens
        tokens:
          - name: ci
            roles: [emit, read]
            sha256: [\(hash)]
          - name: alice@example.com
            roles: [approve]
            sha256: [\(other)]
        """

    @Test func aFileHoldsTokensInTheirOrder() throws {
        let tokens = try AccessTokenFile.read(Self.good, file: "tokens.yaml")
        #expect(
            tokens == [
                AccessToken(name: "ci", roles: [.emit, .read], hashes: [Array(repeating: 0x0A, count: 32)]),
                AccessToken(name: "alice@example.com", roles: [.approve], hashes: [Array(repeating: 0xB1, count: 32)]),
            ]
        )
        // Upper case is the same sum, and JSON is YAML.
        let json =
            #"{"apiVersion":"assay.dev/v1","kind":"AccessTokens","tokens":[{"name":"a","roles":["admin"],"sha256":[""#
            + Self.hash.uppercased() + #""]}]}"#
        #expect(try AccessTokenFile.read(json, file: "tokens.json")[0].hashes == tokens[0].hashes)
        #expect(
            try AccessTokenFile.read("{apiVersion: assay.dev/v1, kind: AccessTokens, tokens: []}", file: "t").isEmpty
        )
    }

    @Test("What is wrong is said at its place, and no part of the file counts")
    func problems() throws {
        for (part, change, field) in [
            ("kind: AccessTokens", "kind: HookProfile", "kind"), ("tokens:", "tokns:", "tokns"),
            ("name: ci", "name: \"\"", "tokens[0].name"), ("name: ci", "name: \"a b\"", "tokens[0].name"),
            ("name: ci", "name: web.token", "tokens[0].name"), ("name: ci", "nam: ci", "tokens[0]"),
            ("name: ci", "name: alice@example.com", "tokens[1].name"), ("name: ci", "name: cï", "tokens[0].name"),
            ("[emit, read]", "[emit, reed]", "tokens[0].roles[1]"), ("[emit, read]", "[]", "tokens[0].roles"),
            ("[emit, read]", "emit", "tokens[0].roles"), ("[\(Self.hash)]", "[]", "tokens[0].sha256"),
            ("[\(Self.hash)]", Self.hash, "tokens[0].sha256"), ("[\(Self.hash)]", "[abcd]", "tokens[0].sha256"),
            ("[\(Self.hash)]", "[\(Self.hash)00]", "tokens[0].sha256"),
            ("[\(Self.hash)]", "[\(Self.other)]", "tokens[1].sha256"),
            ("[\(Self.hash)]", "[\"\(String(repeating: "٠", count: 64))\"]", "tokens[0].sha256"),
        ] {
            let text = Self.good.replacing(part, with: change, maxReplacements: 1)
            #expect(text != Self.good)
            do throws(PlanFileErrors) {
                _ = try AccessTokenFile.read(text, file: "tokens.yaml")
                Issue.record("\(change) was read")
            } catch {
                #expect(error.errors.contains { $0.field.contains(field) && $0.line > 0 }, "\(change): \(error)")
            }
        }
        let many = (0...AccessTokenFile.maximumTokens).map { index in
            "  - {name: t\(index), roles: [read], sha256: [\(Self.hash)]}"
        }
        #expect(throws: PlanFileErrors.self) {
            try AccessTokenFile.read(
                "apiVersion: assay.dev/v1\nkind: AccessTokens\ntokens:\n" + many.joined(separator: "\n"),
                file: "tokens.yaml"
            )
        }
    }

    @Test("A made token is found by the entry that is made with it, and no two are the same")
    func made() throws {
        let (token, other) = (AccessToken.random(), AccessToken.random())
        #expect(token != other && token.utf8.count == 70 && token.hasPrefix("assay_"))
        let made = AccessToken(name: "ci", roles: [.emit, .approve], hashes: [AccessToken.hash(Array(token.utf8))])
        let text = "apiVersion: assay.dev/v1\nkind: AccessTokens\ntokens:\n\(AccessTokenFile.entry(made))\n"
        #expect(try AccessTokenFile.read(text, file: "tokens.yaml") == [made])
        #expect(!text.contains(token))
    }
}
