import Foundation
import Testing
import Text

/// The checks of the documentation find what they are there for.
@Suite struct SnippetCheckTests {
    private func page(_ lines: String...) -> MarkdownPage {
        MarkdownPage(path: "docs/page.md", text: lines.joined(separator: "\n") + "\n")
    }

    @Test(
        arguments: [
            ("sh", nil, "make test", .shell),
            ("yaml", nil, "apiVersion: assay.dev/v1", .plan),
            ("yaml", nil, "apiVersion: assay.dev/v1\nkind: HookProfile", .hookProfiles),
            ("yaml", nil, "apiVersion: assay.dev/v1\nkind: NotificationDestination", .notifications),
            ("yaml", nil, "apiVersion: assay.dev/v1\nkind: AccessTokens", .tokens),
            ("yaml", nil, "apiVersion: v1\nkind: Secret", .deployment),
            ("yaml", nil, "groups: []", .deployment),
            ("yaml", nil, "web.port: 1", .settings),
            ("yaml", "values.yaml", "a: 1", .deployment),
            ("yaml", "examples/plans/conditions.yaml", "a: 1", .excerpt(of: "examples/plans/conditions.yaml")),
            ("json", nil, "{\"specversion\": \"1.0\"}", .event),
            ("json", nil, "{}", .json),
            ("sql", nil, "SELECT 1", .sql),
            ("", nil, "plain", nil),
            ("swift", nil, "let a = 1", nil),
            ("swift", "missing/File.swift", "let a = 1", nil),
        ] as [(String, String?, String, Snippet.Check?)]
    )
    func `blocks are known by language, name and content`(
        language: String,
        file: String?,
        text: String,
        check: Snippet.Check?
    ) {
        let page = page("```" + language + (file.map { " " + $0 } ?? ""), text, "```")
        #expect(page.blocks.map { $0.check(on: page) } == [check])
    }

    @Test func `a file that a command reads may be anything`() {
        let page = page(
            "```yaml wrong.yaml",
            "nothing: true",
            "```",
            "```console",
            "$ assay validate wrong.yaml",
            "```"
        )
        #expect(page.blocks.map { $0.check(on: page) } == [.readByCommands, .console])
    }

    @Test func `code without a fence is a problem, text of a list is none`() {
        #expect(page("Text.", "", "    code", "").problems == ["line 3: code without a fence"])
        #expect(page("1. Text.", "", "   more", "   - inner", "", "     more", "", "end").problems.isEmpty)
        #expect(page("1. Text.", "", "       code").problems == ["line 3: code without a fence"])
        #expect(page("```sh", "make").problems == ["line 1: the block is not closed"])
    }

    @Test func `commands are found wherever a shell runs them`() {
        let text = """
            FILE=x assay serve --web-port 1 >log 2>&1 &
            id=$(assay emit --application a | head -1) # assay nonsense
            if ! assay wait --event "$id"; then assay \\
              validate "a b"; fi
            assay judge --kayenta-cases < case.json
            """
        let commands = page("```sh", text, "```").blocks.flatMap(DocumentedCommand.all)
        #expect(
            commands.map(\.arguments) == [
                ["serve", "--web-port", "1"], ["emit", "--application", "a"], ["wait", "--event", "$id"],
                ["validate", "a b"], ["judge", "--kayenta-cases"],
            ]
        )
        #expect(commands.last?.input == "case.json")
    }

    @Test(arguments: [
        ("a 1\n", "a 1\n", false, true),
        ("a 1\n", "a 2\n", false, false),
        ("a 1.5 at 10:00:01\n", "a 22.75   at 11:30:00\n", true, true),
        ("a (…)\nc\n", "a (b)\nc\n", false, true),
        ("a (…)\nc\n", "a (b\n)\nc\n", false, false),
        ("a\n…\nd\n", "a\nb\nc\nd\n", false, true),
        ("a\n…\nd\n", "a\nd\n", false, true),
        ("a\n…\nd\n", "a\nb\n", false, false),
        ("id 01234567-89ab-cdef-0123-456789abcdef\n", "id fedcba98-7654-3210-fedc-ba9876543210\n", true, true),
    ])
    func `answers are compared`(shown: String, answer: String, digitsMayDiffer: Bool, isSame: Bool) {
        #expect(Transcript.matches(shown, answer, digitsMayDiffer: digitsMayDiffer) == isSame)
    }

    @Test func `excerpts may leave lines out, and no others`() throws {
        let file = "examples/plans/conditions.yaml"
        let whole = try String(contentsOf: MarkdownPage.root.appendingPathComponent(file), encoding: .utf8)
        let lines = whole.components(separatedBy: "\n").filter { !$0.isEmpty }
        #expect(try RepositoryFiles.isExcerpt(whole, of: file))
        #expect(try RepositoryFiles.isExcerpt("\(lines[0])\n# …\n\(lines[lines.count - 1])\n", of: file))
        #expect(try !RepositoryFiles.isExcerpt("\(lines[lines.count - 1])\n# …\n\(lines[0])\n", of: file))
        #expect(try !RepositoryFiles.isExcerpt("\(lines[0])\n\(lines[lines.count - 1])\n", of: file))
    }
}
