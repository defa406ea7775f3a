import Analysis
import LoadRig

/// Everything that was seen in a run under load.
struct LoadResult: Sendable {
    var workload: ChaosWorkload
    var verdicts: VerdictTally
    var actions: ActionTally
    var published: Int
    var deadLetters: Int
    /// What was left undone in the store when the waiting ended.
    var leftovers: StoreProbe.Backlog?
    var looks: [Int: Int]
    /// Decisions that the store refused because another replica had the session by then.
    var refused: Int
    /// From the last published event to the end of all work.
    var quietAfter: Duration?
    /// From the first event to the end of all work.
    var length: Duration
}

extension RunReport {
    mutating func add(_ faults: [FaultOutcome], lease: Duration) {
        var table = Table(
            title: "Faults",
            columns: [
                "at s", "what", "lasting s", "late at most", "recovered after s", "leases", "first look s", "share",
            ]
        )
        for outcome in faults {
            table.rows.append([
                Self.number(outcome.fault.at), outcome.fault.text, Self.number(outcome.fault.lasting),
                outcome.recovery.map { "\($0.late.sessions) / \($0.late.events) / \($0.late.messages)" } ?? "-",
                outcome.recovery?.time.map { Self.number($0) } ?? "-",
                outcome.isBounded
                    ? outcome.recovery?.time.map { ($0.seconds / lease.seconds).formatted(decimals: 1) } ?? "-" : "-",
                outcome.join.map { Self.number($0.first) } ?? "-",
                outcome.join.map { "\(Int(($0.share * 100).rounded())) %" } ?? "-",
            ])
            if outcome.isTooSlow(lease: lease) {
                failures.append("\(outcome.fault.text): recovery took longer than two leases")
            }
            if let note = outcome.note { notes.append("\(outcome.fault.text): \(note)") }
        }
        tables.append(table)
        notes.append(
            "Late: sessions to look at / deploy events to answer / messages to deliver that have waited longer than"
                + " \(RecoveryWatch.tolerance.compactText). Recovered: from the fault (of an outage: from its end) to the"
                + " last moment at which any was. First look: from the start of the replica's new process; share: of all"
                + " looks in the 10 s after."
        )
    }

    mutating func add(_ result: LoadResult) {
        let verdicts = result.verdicts
        var totals = Table(title: "Totals", columns: ["what", "count"])
        totals.rows = [
            ["records published (with repeats)", "\(result.published)"],
            ["deploy events that must get a final verdict", "\(verdicts.expected)"],
            ["of them with a final verdict", "\(verdicts.decided)"],
            ["passed / failed / cancelled", "\(verdicts.passed) / \(verdicts.failed) / \(verdicts.cancelled)"],
            ["verdicts on the topic, interim ones included", "\(verdicts.records)"],
            ["lost", "\(verdicts.lost.count)"],
            ["wrong", "\(verdicts.wrong.count)"],
            ["repeated on the topic", "\(verdicts.repeated.count)"],
            ["out of order", "\(verdicts.disordered.count)"],
            ["dead letters", "\(result.deadLetters)"],
            [
                "unanswered, unfinished, undelivered in the store",
                result.leftovers.map { "\($0.events), \($0.sessions), \($0.messages)" } ?? "-",
            ],
            [
                "promotions / aborts / holds",
                "\(result.actions.promotions) / \(result.actions.aborts) / \(result.actions.holds)",
            ],
            ["decisions refused because the lease was lost", "\(result.refused)"],
            ["wrong actions", "\(result.actions.wrong.count)"],
            ["missing actions", "\(result.actions.missing.count)"],
            ["actions repeated (same key)", "\(result.actions.repeats)"],
        ]
        tables.append(totals)
        var share = Table(title: "Looks by replica", columns: ["replica", "looks", "share"])
        let all = max(1, result.looks.values.reduce(0, +))
        share.rows = result.looks.sorted { $0.key < $1.key }.map {
            ["\($0.key)", "\($0.value)", "\($0.value * 100 / all) %"]
        }
        tables.append(share)
        facts.append(
            "\(result.workload.records) records over \(Self.number(result.length)) s; all done"
                + " \(result.quietAfter.map { "\(Self.number($0)) s after the last of them" } ?? "not in time")"
        )
        judge(result)
    }

    private mutating func judge(_ result: LoadResult) {
        failures += result.verdicts.lost.map { "lost: \($0)" }
        failures += result.verdicts.wrong.map { "wrong: \($0)" }
        failures += result.verdicts.repeated.map { "repeated: \($0)" }
        failures += result.verdicts.disordered.map { "out of order: \($0)" }
        failures += result.actions.wrong.map { "wrong action: \($0)" }
        failures += result.actions.missing.map { "missing action: \($0)" }
        if result.deadLetters > 0 { failures.append("\(result.deadLetters) dead letters") }
        if let leftovers = result.leftovers, !leftovers.isEmpty {
            failures.append(
                "left in the store: \(leftovers.sessions) sessions, \(leftovers.events) events, \(leftovers.messages) messages"
            )
        }
    }

    static func number(_ time: Duration) -> String { time.seconds.formatted(decimals: 1) }
}
