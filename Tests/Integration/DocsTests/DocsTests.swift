import ArgumentParser
import Foundation
import Judging
import Service
import Testing

@testable import assay

/// The text of the pages: where it leads, and what it names.
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

    /// A page that nothing leads to is not read.
    @Test func `every page of docs is linked`() throws {
        let pages = try MarkdownPage.all
        let linked = Set(
            pages.flatMap { page in
                page.prose.matches(of: #/\]\(([^)\s#]+)/#).map { match in
                    page.url.deletingLastPathComponent().appendingPathComponent(String(match.1)).standardizedFileURL
                        .path
                }
            }
        )
        for page in pages where page.path.hasPrefix("docs/") && page.path != "docs/README.md" {
            #expect(linked.contains(page.url.standardizedFileURL.path), "nothing links to \(page.path)")
        }
    }

    @Test(arguments: try MarkdownPage.all)
    func `commands and options in the text exist`(page: MarkdownPage) {
        for code in page.inlineCode {
            if let name = code.wholeMatch(of: #/assay ([a-z][a-z-]*).*/#)?.1 {
                #expect(Self.help.keys.contains(String(name)), "\(page.path): \(code)")
            }
            if let target = code.wholeMatch(of: #/make ([a-z-]+).*/#)?.1 {
                #expect(RepositoryFiles.makeTargets.contains(String(target)), "\(page.path): \(code)")
            }
            guard page.isAboutAssay, let flag = code.wholeMatch(of: #/(--[a-z-]+)([ =].*)?/#).map({ String($0.1) })
            else { continue }
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

    /// Help texts by subcommand.
    private static let help: [String: String] = {
        // Those of groups are among them.
        let commands = Assay.configuration.subcommands.map {
            ($0._commandName, Assay.helpMessage(for: $0, includeHidden: true))
        }
        return Dictionary(commands) { $1 }
    }()
}
