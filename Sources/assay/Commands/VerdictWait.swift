import Analysis
import ArgumentParser
import EventFormats
import Foundation
import Judging
import Reports
import Service
import Text

/// Waits for a final verdict, prints it, and says by which exit code the command ends.
struct VerdictWait {
    let wanted: WantedVerdict
    let options: VerdictOptions
    let limits: VerdictOptions.Limits
    let json: Bool
    /// The event that the caller has sent: a verdict must go by what it asks for, and one by its plan is by the plan that
    /// the caller wrote.
    let sent: DeployEvent?
    private let keys: PipelineVerdicts.Keys?

    /// Throws what `run` would throw about options and settings.
    init(
        _ wanted: WantedVerdict,
        _ options: VerdictOptions,
        sent: DeployEvent? = nil,
        json: Bool,
        _ settings: Settings
    ) throws {
        self.wanted = wanted
        self.options = options
        self.sent = sent
        self.json = json
        keys = try PipelineVerdicts.keys(settings)
        limits = try options.limits()
        // A file that cannot be written is told now, not after the time that the analysis takes.
        if let summaryFile = options.summaryFile { try Self.add("", to: summaryFile) }
    }

    /// Throws when no final verdict comes in time.
    func run(_ settings: Settings) async throws -> ExitCode {
        var source = try PipelineVerdicts.open(for: wanted, keys: keys, settings)
        do {
            let code = try await run(&source)
            await source.close()
            return code
        } catch {
            await source.close()
            throw error
        }
    }

    private func run(_ source: inout any PublishedVerdicts) async throws -> ExitCode {
        guard let verdict = try await finalVerdict(&source, until: ContinuousClock.now + limits.verdict) else {
            let reason = source.trouble.map { ": \($0)" } ?? ""
            throw SettingsError("no final verdict on \(wanted.name) within \(limits.verdict.compactText)\(reason)")
        }
        if let reason = refusal(of: verdict) { throw SettingsError(reason) }
        await showAction(on: verdict, &source)
        if options.result { print(verdict.word) }
        return ExitCode(VerdictExit.code(of: verdict))
    }

    /// Why a verdict does not count, in one sentence; nil when it does. The sender of an event decides what passes by a plan
    /// that came with it, so it is no answer to a caller who asks by what the operator's plan says.
    func refusal(of verdict: Verdict) -> String? {
        if let difference = sent.flatMap({ verdict.otherRequest(than: $0) }) {
            return "the verdict on \(wanted.name) does not count: \(difference)"
        }
        let isByOwnPlan = sent?.inlinePlan != nil && verdict.deployEvent == sent?.identity
        return options.plansFromEvents || isByOwnPlan ? nil : VerdictExit.refusal(of: verdict, on: wanted.name)
    }

    private func finalVerdict(
        _ source: inout any PublishedVerdicts,
        until end: ContinuousClock.Instant
    ) async throws -> Verdict? {
        while let published = try await source.next(until: end) {
            let isFinal = published.verdict.kind == .final
            if isFinal || options.verbose { show(published) }
            guard isFinal else { continue }
            if let summaryFile = options.summaryFile {
                try Self.add(VerdictMarkdown.text(published.verdict), to: summaryFile)
            }
            return published.verdict
        }
        return nil
    }

    private func show(_ published: PublishedVerdict) {
        guard !json else { return show([String(decoding: published.data, as: UTF8.self)]) }
        show([text.title(published.verdict)] + text.lines(published.verdict))
    }

    /// The verdict stands, whatever becomes of this.
    private func showAction(on verdict: Verdict, _ source: inout any PublishedVerdicts) async {
        guard let limit = limits.action else { return }
        do {
            if let action = try await source.action(on: verdict, until: ContinuousClock.now + limit) {
                show(json ? [Self.json(action)] : text.lines(action))
            } else {
                StandardError.write("assay: no rollout controller has acted within \(limit.compactText)\n")
            }
        } catch {
            StandardError.write("assay: what a rollout controller did cannot be read: \(error)\n")
        }
    }

    /// The data of the event by which the controller tells it.
    private static func json(_ action: RolloutAction) -> String {
        String(decoding: RolloutEvent.encode(action, source: "").data ?? [], as: UTF8.self)
    }

    private var text: VerdictText {
        VerdictText(style: options.result ? TerminalStyle(isColoured: false) : .standardOutput)
    }

    private func show(_ lines: [String]) {
        for line in lines {
            if options.result { StandardError.write(line + "\n") } else { print(line) }
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
