import Analysis
import ArgumentParser
import EventFormats
import Foundation
import Judging
import Kafka

/// `assay wait`: waits for the final verdict of a release.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Waits for the final verdict of a release.",
        discussion: """
            Exit code 0: pass. 1: fail. 2: marginal or inconclusive (also a cancelled or errored analysis).
            3: no verdict in time, or an error. A verdict that is on the topic already counts.
            """
    )

    @Option(help: "Application.")
    var application: String

    @Option(help: "Environment.")
    var environment: String?

    @Option(help: "Version.")
    var releaseVersion: String?

    @Option(help: "Only the verdict on the deploy event with this id (printed by `assay emit`).")
    var event: String?

    @Option(help: "Longest time to wait (90s, 30m).")
    var timeout = "1h"

    @Flag(help: "Print the verdict as JSON.")
    var json = false

    @Flag(help: "Print interim verdicts too.")
    var verbose = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            let settings = try SettingsLoader(.kafka, arguments: settings).load()
            guard let limit = Duration(compactText: timeout) else {
                throw SettingsError("--timeout: \"\(timeout)\" is not a time such as 90s or 30m")
            }
            guard releaseVersion != nil || event != nil else {
                throw SettingsError("give --release-version or --event")
            }
            let wiring = try KafkaWiring(settings)
            let reader = try KafkaReader(
                configuration: wiring.configuration,
                topic: wiring.verdicts,
                from: .beginning,
                logger: Emit.quietLogger
            )
            let verdict = try await finalVerdict(reader, until: ContinuousClock.now + limit)
            await reader.close()
            guard let verdict else {
                throw SettingsError(
                    "no final verdict on \(application) \(releaseVersion ?? event ?? "") within \(timeout)"
                )
            }
            throw ExitCode(Self.exitCode(of: verdict))
        }
    }

    static func exitCode(of verdict: Verdict) -> Int32 {
        switch (verdict.status, verdict.result) {
        case (.completed, .pass): 0
        case (.completed, .fail): 1
        default: 2
        }
    }

    private func finalVerdict(_ reader: KafkaReader, until end: ContinuousClock.Instant) async throws -> Verdict? {
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero, let record = try await reader.next(timeout: left) else { return nil }
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            // Other programs may write to the topic; what is no verdict is not for us.
            guard let event = try? CloudEventKafkaBinding.decode(value: record.value, headers: headers),
                let verdict = try? VerdictEvent.decode(event), isWanted(verdict)
            else { continue }
            if verdict.kind == .final {
                show(verdict, event)
                return verdict
            }
            if verbose { show(verdict, event) }
        }
    }

    private func isWanted(_ verdict: Verdict) -> Bool {
        verdict.application == application && (environment.map { $0 == verdict.environment } ?? true)
            && (releaseVersion.map { $0 == verdict.version } ?? true)
            && (self.event.map { $0 == verdict.deployEvent.id } ?? true)
    }

    private func show(_ verdict: Verdict, _ event: CloudEvent) {
        if json {
            print(String(decoding: event.data ?? [], as: UTF8.self))
        } else {
            for line in VerdictText.lines(verdict) { print(line) }
        }
        fflush(nil)
    }
}
