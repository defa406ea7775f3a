import ArgumentParser
import EventFormats
import Foundation
import PlanFormats
import PostgresTestServer
import Testing
import Text

@testable import Service
@testable import assay

/// Every block of every page is checked: CONTRIBUTING.md says how.
@Suite struct SnippetTests {
    @Test(arguments: try MarkdownPage.all)
    func `every block is checked`(page: MarkdownPage) {
        for problem in page.problems { Issue.record("\(page.path), \(problem)") }
        for block in page.blocks where block.check(on: page) == nil {
            let language = block.language.isEmpty ? "a block without a language" : "\"\(block.language)\""
            Issue.record(
                "\(page.path):\(block.line): nothing checks \(language); CONTRIBUTING.md says what may be used"
            )
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `plans are valid`(page: MarkdownPage) {
        for block in page.blocks(.plan) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try PlanCatalog.reader.read(block.text, file: page.path)
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `profiles of hooks are valid`(page: MarkdownPage) {
        for block in page.blocks(.hookProfiles) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try HookProfiles.read(block.text, file: page.path)
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `files of dependencies are valid`(page: MarkdownPage) {
        for block in page.blocks(.dependencies) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try DependencyFile.read(block.text, file: page.path)
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `files of tokens are valid`(page: MarkdownPage) {
        for block in page.blocks(.tokens) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try AccessTokenFile.read(block.text, file: page.path)
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `destinations of notifications are valid`(page: MarkdownPage) {
        for block in page.blocks(.notifications) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try NotificationFiles.read(block.text, file: page.path)
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `settings are known`(page: MarkdownPage) throws {
        for block in page.blocks(.settings) {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent(
                "settings-\(UUID().uuidString).yaml"
            )
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(block.text.utf8).write(to: file)
            // The files that it names are on other machines.
            let loader = SettingsLoader(.serve, arguments: ["--config", file.path], environment: [:])
            #expect(loader.read().problems.isEmpty, "\(page.path):\(block.line)")
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `events are read`(page: MarkdownPage) throws {
        let type = EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
        for block in page.blocks(.event) {
            let event = try CloudEventKafkaBinding.decode(value: Array(block.text.utf8), headers: [type])
            if event.type == DeployEventDecoder.type, case .malformed(let reason) = DeployEventDecoder.decode(event) {
                Issue.record("\(page.path):\(block.line): \(reason)")
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `JSON is JSON`(page: MarkdownPage) {
        for block in page.blocks(.json) {
            #expect(throws: Never.self, "\(page.path):\(block.line)") {
                try JSONSerialization.jsonObject(with: Data(block.text.utf8), options: .fragmentsAllowed)
            }
        }
    }

    @Test(.enabled(if: PostgresTestServer.missing == nil, "needs a Postgres server"))
    func `statements fit the tables`() async throws {
        let pages = try MarkdownPage.all.filter { !$0.blocks(.sql).isEmpty }
        guard !pages.isEmpty else { return }
        let database = try await PostgresTestServer.shared.makeDatabase()
        let migration = try await ProgramRun.assay(
            ["migrate", "--database-url", database.connectionString],
            in: MarkdownPage.root
        )
        try #require(migration.status == 0, "\(migration.output)")
        for page in pages {
            for block in page.blocks(.sql) {
                await #expect(throws: Never.self, "\(page.path):\(block.line)") {
                    try await database.execute("BEGIN;\n\(block.text)\nROLLBACK;")
                }
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `excerpts stand in their files`(page: MarkdownPage) throws {
        for block in page.blocks {
            guard case .excerpt(let file) = block.check(on: page) else { continue }
            #expect(
                try RepositoryFiles.isExcerpt(block.text, of: file),
                "\(page.path):\(block.line): these lines are not in \(file)"
            )
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `a shell understands what it is given`(page: MarkdownPage) async throws {
        for block in page.blocks(.shell) {
            let answer = try await ProgramRun.bash(["-n", "-c", block.text])
            #expect(answer.status == 0, "\(page.path):\(block.line): \(answer.output)")
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `commands are accepted`(page: MarkdownPage) {
        for command in page.blocks.flatMap(DocumentedCommand.all) where !command.arguments.isEmpty {
            #expect(throws: Never.self, "\(page.path): \(command.arguments)") { try Self.check(command.arguments) }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `make knows its targets`(page: MarkdownPage) {
        for block in page.blocks where ["sh", "console"].contains(block.language) {
            for match in block.text.matches(of: #/(?m)(?:^|&& |\$ )make ([a-z][a-z-]*)/#) {
                let target = String(match.1)
                #expect(RepositoryFiles.makeTargets.contains(target), "\(page.path):\(block.line): make \(target)")
            }
        }
    }

    // MARK: - The program

    private static func check(_ arguments: [String]) throws {
        if arguments.contains("--help") || arguments == ["--version"] { return }
        if arguments.first == "--generate-completion-script" {
            #expect(arguments.count == 2 && CompletionShell(rawValue: arguments[1]) != nil, "\(arguments)")
            return
        }
        switch try Assay.parseAsRoot(arguments) {
        case let serve as Serve: _ = try flags(.serve, serve.settings)
        case let rollout as RolloutRunCommand: _ = try flags(.rollout, rollout.settings)
        case let retry as RolloutRetryCommand: _ = try flags(.pipeline, retry.settings)
        case let reset as ReleasesResetCommand: _ = try flags(.pipeline, reset.settings)
        case let config as ConfigCommand:
            let reader = config.settings.first.flatMap(Setting.Reader.init)
            _ = try flags(reader ?? .serve, Array(config.settings.dropFirst(reader == nil ? 0 : 1)))
        case let migrate as Migrate: _ = try flags(.migrate, migrate.settings)
        case let emit as Emit: _ = try flags(.pipeline, emit.settings)
        case let wait as Wait: _ = try flags(.pipeline, wait.settings)
        case let show as Show: _ = try flags(.pipeline, try named(show.analysis, show.cluster, show.namespace))
        case let report as ReportCommand:
            _ = try flags(.pipeline, try named(report.analysis, report.cluster, report.namespace))
        case let sessions as Sessions:
            try sessions.check()
            _ = try flags(.pipeline, sessions.settings)
        case let top as Top: _ = try flags(.pipeline, top.settings)
        case let validate as Validate: _ = try flags(.validate, Validate.split(validate.files).settings)
        case let health as Health: _ = try flags(.serve, health.settings)
        default: break
        }
    }

    private static func named(_ words: [String], _ cluster: String?, _ namespace: String?) throws -> [String] {
        try AnalysisArguments(words, cluster: cluster, namespace: namespace).settings
    }

    private static func flags(_ reader: Setting.Reader, _ arguments: [String]) throws -> FlagParser.Parsed {
        try FlagParser(catalog: SettingsCatalog.settings(for: reader)).parse(arguments)
    }
}

extension MarkdownPage {
    func blocks(_ check: Snippet.Check) -> [Snippet] {
        blocks.filter { $0.check(on: self) == check }
    }

    /// Other programs have flags too.
    var isAboutAssay: Bool { !["CONTRIBUTING.md", "docs/performance.md"].contains(path) }
}
