import Analysis
import ArgumentParser
import Foundation
import Judging
import Service

/// `assay wait`: waits for the final verdict of a release.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Waits for the final verdict of a release.",
        discussion: """
            Exit code 0: pass. 1: fail. 2: marginal or inconclusive (also a cancelled or errored analysis).
            3: no verdict in time, or an error. A verdict that is there already counts: name the event or the session
            where the same version may be judged twice.

            With --assay-url (ASSAY_URL) the service is asked over HTTP; without it the verdict topic is read.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "Application.")
    var application: String?

    @Option(help: "Environment.")
    var environment: String?

    @Option(help: "Version.")
    var releaseVersion: String?

    @Option(help: "Only the verdict on the deploy event with this id (given to or printed by `assay emit`).")
    var event: String?

    @Option(help: "CloudEvents source of that event, where it is not that of `assay emit`.")
    var source: String?

    @Option(help: "Only the verdict of this session (printed by `assay emit`).")
    var session: String?

    @Option(help: "Longest time to wait (90s, 30m).")
    var timeout = "1h"

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    @Flag(
        help: """
            Print one word on standard output (pass, fail, marginal, inconclusive, cancelled, errored, or none) and \
            everything else on standard error.
            """
    )
    var result = false

    @Flag(help: "Print interim verdicts too.")
    var verbose = false

    @Option(help: "File to which the final verdict is added as Markdown (GITHUB_STEP_SUMMARY).")
    var summaryFile: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.pipeline, arguments: settings).load()
            guard let limit = Duration(compactText: timeout) else {
                throw SettingsError("--timeout: \"\(timeout)\" is not a time such as 90s or 30m")
            }
            let wanted = try wanted()
            var source = try PipelineVerdicts.open(for: wanted, settings)
            let verdict = try await finalVerdict(&source, until: ContinuousClock.now + limit)
            let trouble = source.trouble
            await source.close()
            if result { print(verdict.map(\.word) ?? "none") }
            guard let verdict else {
                let reason = trouble.map { ": \($0)" } ?? ""
                throw SettingsError("no final verdict on \(wanted.name) within \(timeout)\(reason)")
            }
            throw ExitCode(Self.exitCode(of: verdict))
        }
    }

    static func exitCode(of verdict: Verdict) -> Int32 {
        switch (verdict.status, verdict.result) {
        case (.completed, .pass): 0
        case (.completed, .fail): 1
        // A newer version says something that this one does not understand: that is no answer.
        case (.unknown, _), (_, .unknown): ExitReport.failure
        default: 2
        }
    }

    func wanted() throws(SettingsError) -> WantedVerdict {
        if let session { return .session(session) }
        if let event { return .event(id: event, source: source, application: application) }
        guard let releaseVersion else {
            throw SettingsError("give --release-version or --event, or --session")
        }
        guard let application else { throw SettingsError("--release-version needs --application") }
        return .version(releaseVersion, application: application, environment: environment)
    }

    private func finalVerdict(
        _ source: inout any PublishedVerdicts,
        until end: ContinuousClock.Instant
    ) async throws -> Verdict? {
        while let published = try await source.next(until: end) {
            let isFinal = published.verdict.kind == .final
            if isFinal || verbose { show(published) }
            guard isFinal else { continue }
            if let summaryFile { try Self.add(VerdictMarkdown.text(published.verdict), to: summaryFile) }
            return published.verdict
        }
        return nil
    }

    private func show(_ published: PublishedVerdict) {
        let lines =
            json ? [String(decoding: published.data, as: UTF8.self)] : VerdictText.lines(published.verdict)
        for line in lines {
            if result { StandardError.write(line + "\n") } else { print(line) }
        }
        fflush(nil)
    }

    private static func add(_ text: String, to path: String) throws(SettingsError) {
        do {
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            _ = try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw SettingsError("--summary-file: \(path) cannot be written")
        }
    }
}
