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
            3: no verdict in time, or an error, also where the options fit several releases. Of a version that was
            deployed more than once, the newest deployment counts; --event names one, with the id that `emit` printed.

            With --assay-url (ASSAY_URL) the service is asked over HTTP. Without it two topics are read from their
            beginning: that of deploy events, to know which deployment is meant, and that of verdicts.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "Application.")
    var application: String?

    @Option(help: "Environment; any, where it is not given and there is one only.")
    var environment: String?

    @Option(help: "Cluster; any, where it is not given and there is one only.")
    var cluster: String?

    @Option(help: "Namespace; any, where it is not given and there is one only.")
    var namespace: String?

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
            // A file that cannot be written is told now, not after the time that the analysis takes.
            if let summaryFile { try Self.add("", to: summaryFile) }
            var source = try PipelineVerdicts.open(for: wanted, settings)
            let verdict = try await finalVerdict(&source, until: ContinuousClock.now + limit)
            let trouble = source.trouble
            await source.close()
            guard let verdict else {
                let reason = trouble.map { ": \($0)" } ?? ""
                throw SettingsError("no final verdict on \(wanted.name) within \(timeout)\(reason)")
            }
            if result { print(verdict.word) }
            throw ExitCode(Self.exitCode(of: verdict))
        } failing: {
            if result { print("none") }
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
        let filter = ReleaseFilter(
            application: application,
            environment: environment,
            cluster: cluster,
            namespace: namespace,
            version: releaseVersion
        )
        guard session == nil || event == nil else { throw SettingsError("give --session or --event, not both") }
        guard source == nil || event != nil else { throw SettingsError("--source needs --event") }
        if let session { return .session(session, filter) }
        if let event { return .event(id: event, source: source, filter) }
        guard releaseVersion != nil else {
            throw SettingsError("give --release-version or --event, or --session")
        }
        guard application != nil else { throw SettingsError("--release-version needs --application") }
        return .version(filter)
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
