import Analysis
import Foundation
import LoadRig

extension RunReport {
    init(_ result: SoakResult, _ options: SoakOptions) {
        self.init(title: "Soak: \(result.phases.count) attacks in \(options.seconds) s")
        facts =
            [
                "\(options.rate) good releases a second, half over Kafka and half over HTTP: \(result.releases) in all",
                "each attack has \(options.share.compactText), and attacks for the first \(options.attackTime.compactText)",
                "one replica on SQLite, one controller with a webhook, \(options.broker)",
                "\(ProcessInfo.processInfo.activeProcessorCount) processors for everything together",
            ] + (options.scale < 1 ? ["numbers of the attacks times \(options.scale)"] : [])
        tables = [
            Table(
                title: "Good releases during each attack",
                columns: [
                    "attack", "releases", "lost", "wrong", "doubled", "sent again", "p50 s", "p99 s", "max s",
                    "restarts", "silent probes",
                ],
                rows: result.phases.map(Self.releasesRow)
            ),
            Table(
                title: "What each attack took",
                columns: [
                    "attack", "MiB of serve", "MiB of rollout", "MiB of the store", "refused", "dead letters",
                    "what it did",
                ],
                rows: result.phases.map(Self.costRow)
            ),
        ]
        notes = [
            "A release counts with the attack during which its verdict was due.",
            "Seconds are from the moment the deciding look was due until a reader of the topic had the final verdict. A release"
                + " counts from its planned time, so that what holds up its event counts too.",
            "Wrong and doubled: verdicts and actions together; lost: without a final verdict or without an action.",
            "Sent again: deploy events that were not acknowledged, because a request was refused or not answered in 10 s.",
            "MiB are the most in an attack's share of the time; the store keeps what came earlier.",
            "Silent probes: of those a second that `/livez` did not answer in 5 s.",
        ]
        failures = result.failures
    }

    private static func releasesRow(_ phase: SoakResult.Phase) -> [String] {
        [
            phase.attack.rawValue, "\(phase.releases)", "\(max(phase.lost, phase.missingActions))",
            "\(phase.wrong.count + phase.wrongActions.count)", "\(phase.doubled + phase.doubledActions)",
            "\(phase.repeatedSendings)", seconds(phase.latency.p50), seconds(phase.latency.p99),
            seconds(phase.latency.most), "\(phase.restarts)", "\(phase.failedProbes)",
        ]
    }

    private static func costRow(_ phase: SoakResult.Phase) -> [String] {
        [
            phase.attack.rawValue, mebibytes(phase.serveBytes), mebibytes(phase.rolloutBytes),
            mebibytes(phase.storeBytes), "\(phase.refused)", "\(phase.deadLetters)", phase.failure ?? phase.did,
        ]
    }

    private static func seconds(_ milliseconds: Int) -> String {
        String(format: "%.2f", Double(milliseconds) / 1000)
    }

    private static func mebibytes(_ bytes: Int) -> String {
        "\(Int((Double(bytes) / Double(1 << 20)).rounded()))"
    }
}
