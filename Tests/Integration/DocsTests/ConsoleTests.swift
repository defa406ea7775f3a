import Foundation
import Testing

/// The answers that pages show are those that the program gives.
@Suite struct ConsoleTests {
    /// What answers at once, from files alone.
    private static let runnable = [
        "validate", "judge", "config", "settings", "metrics", "plan-keys", "exit-codes", "--help", "--version",
    ]

    @Test(arguments: try MarkdownPage.all.filter { !$0.isRunInOrder && $0.hasConsole })
    func `answers are real`(page: MarkdownPage) async throws {
        try await TemporaryFolder.with { folder in
            // As a file with secrets is kept: of others' eyes the program warns.
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
            for block in page.blocks where page.uses(block.file ?? "") {
                try Data(block.text.utf8).write(to: folder.appendingPathComponent(block.file ?? ""))
            }
            for block in page.blocks where block.language == "console" {
                let commands = DocumentedCommand.all(of: block)
                let canRun =
                    commands.count == ConsoleStep.all(of: block).count
                    && commands.allSatisfy { !Self.runnable.filter($0.arguments.contains).isEmpty }
                guard canRun else {
                    Issue.record("\(page.path):\(block.line): not all of this can be run; see CONTRIBUTING.md")
                    continue
                }
                for command in commands {
                    let input = command.input.map(folder.appendingPathComponent)
                    let answer = try await ProgramRun.assay(command.arguments, input: input, in: folder)
                    let isReal = Transcript.matches(command.output, answer.output, digitsMayDiffer: false)
                    #expect(isReal, "\(page.path): assay \(command.arguments) says\n\(answer.output)")
                }
            }
        }
    }
}

extension MarkdownPage {
    var hasConsole: Bool { blocks.contains { $0.language == "console" } }
}

/// A folder for the files of a page, removed at the end.
enum TemporaryFolder {
    static func with(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("assay-docs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }
}
