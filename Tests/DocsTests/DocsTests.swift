import ArgumentParser
import ConfigFormats
import EventFormats
import Foundation
import Judging
import Testing

@testable import assay

/// What the documentation shows is what the program does.
@Suite struct DocsTests {
    @Test(arguments: try MarkdownPage.all)
    func `links lead somewhere`(page: MarkdownPage) throws {
        for match in page.prose.matches(of: #/\]\(([^)\s]+)\)/#) {
            let link = String(match.1)
            if link.contains("://") || link.hasPrefix("mailto:") { continue }
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let target =
                parts[0].isEmpty ? page.url : page.url.deletingLastPathComponent().appendingPathComponent(parts[0])
            let exists = FileManager.default.fileExists(atPath: target.path)
            #expect(exists, "\(page.path): \(link)")
            if exists, parts.count == 2, target.pathExtension == "md" {
                let path = target.standardizedFileURL.path.dropFirst(
                    MarkdownPage.root.standardizedFileURL.path.count + 1
                )
                #expect(try MarkdownPage(path: String(path)).anchors.contains(parts[1]), "\(page.path): \(link)")
            }
        }
    }

    /// A block that names a file may be wrong on purpose: its page shows what the program says about it.
    @Test(arguments: try MarkdownPage.all)
    func `plans are valid`(page: MarkdownPage) {
        for block in page.blocks where block.language == "yaml" && block.text.contains("kind: AnalysisPlan") {
            if block.file != nil { continue }
            #expect(throws: Never.self, "\(page.path)") { try PlanCatalog.reader.read(block.text, file: page.path) }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `events are read`(page: MarkdownPage) throws {
        let type = EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
        for block in page.blocks where block.language == "json" && block.text.contains("\"specversion\"") {
            let event = try CloudEventKafkaBinding.decode(value: Array(block.text.utf8), headers: [type])
            if event.type == DeployEventDecoder.type, case .malformed(let reason) = DeployEventDecoder.decode(event) {
                Issue.record("\(page.path): \(reason)")
            }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `commands are accepted`(page: MarkdownPage) {
        for command in DocumentedCommand.all(of: page) where !command.arguments.isEmpty {
            #expect(throws: Never.self, "\(page.path): \(command.arguments)") { try Self.check(command.arguments) }
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `commands and options in the text exist`(page: MarkdownPage) {
        for code in page.inlineCode {
            if let name = code.wholeMatch(of: #/assay ([a-z-]+).*/#)?.1 {
                #expect(Self.help.keys.contains(String(name)), "\(page.path): \(code)")
            }
            guard let flag = code.wholeMatch(of: #/(--[a-z-]+)([ =].*)?/#).map({ String($0.1) }) else { continue }
            let isKnown = flag.hasPrefix("--kafka-") || flag == "--config"
            let pattern = flag + "(?![a-z-])"
            #expect(
                isKnown || Self.help.values.contains { $0.range(of: pattern, options: .regularExpression) != nil },
                "\(page.path): \(code)"
            )
        }
    }

    /// Warnings lead there.
    @Test(arguments: KayentaQuirk.allCases)
    func `quirks are explained`(quirk: KayentaQuirk) throws {
        let parts = quirk.reference.split(separator: "#").map(String.init)
        #expect(try MarkdownPage(path: parts[0]).anchors.contains(parts[1]))
    }

    @Test(arguments: try MarkdownPage.all)
    func `answers of validate and judge are real`(page: MarkdownPage) throws {
        let commands = DocumentedCommand.all(of: page).filter {
            ["validate", "judge"].contains($0.arguments.first) && !$0.output.isEmpty
        }
        guard !commands.isEmpty else { return }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for block in page.blocks {
            guard let file = block.file else { continue }
            try Data(block.text.utf8).write(to: directory.appendingPathComponent(file))
        }
        for command in commands {
            let output = try Self.run(command, in: directory)
            #expect(output == command.output, "\(page.path): \(command.arguments)")
        }
    }

    // MARK: - The program

    /// Help texts by subcommand.
    private static let help: [String: String] = {
        // Those of groups are among them.
        let commands = Assay.configuration.subcommands.map {
            ($0._commandName, Assay.helpMessage(for: $0, includeHidden: true))
        }
        return Dictionary(commands) { $1 }
    }()

    private static func check(_ arguments: [String]) throws {
        switch try Assay.parseAsRoot(arguments) {
        case let serve as Serve: _ = try flags(.serve, serve.settings)
        case let rollout as RolloutCommand: _ = try flags(.rollout, rollout.settings)
        case let emit as Emit: _ = try flags(.pipeline, emit.settings)
        case let wait as Wait: _ = try flags(.pipeline, wait.settings)
        case let health as Health: _ = try flags(.serve, health.settings)
        default: break
        }
    }

    private static func flags(_ reader: Setting.Reader, _ arguments: [String]) throws -> FlagParser.Parsed {
        try FlagParser(catalog: SettingsCatalog.settings(for: reader)).parse(arguments)
    }

    /// What the program built beside these tests prints.
    private static func run(_ command: DocumentedCommand, in directory: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("assay")
        process.arguments = command.arguments
        process.currentDirectoryURL = directory
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput =
            try command.input.map { try FileHandle(forReadingFrom: directory.appendingPathComponent($0)) }
            ?? FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
