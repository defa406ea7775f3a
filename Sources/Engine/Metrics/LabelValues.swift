import Analysis
import EventFormats
import Judging
import Store

/// Label values that are known beforehand: all there can be, so that nothing from outside makes a series.
enum LabelValues {
    static func each<Value: CaseIterable & RawRepresentable<String>>(_: Value.Type) -> [[String]] {
        Value.allCases.map { [$0.rawValue] }
    }

    /// Those known here, and `other` for those that a newer version writes to.
    static let sinks = each(OutboxSink.self) + [[otherSink]]
    static let otherSink = "other"

    static let events = Door.allCases.flatMap { door in IntakeOutcome.names.map { [door.rawValue, $0] } }

    static let deadLetters = IntakeRefusal.reasons.map { [$0] }

    static let feedback = VerdictFeedback.Opinion.allCases.flatMap { opinion in
        JudgementResult.allCases.map { [opinion.rawValue, $0.rawValue] }
    }

    /// Statuses and results that go together in a final verdict.
    static let endings =
        JudgementResult.allCases.map { [VerdictStatus.completed.rawValue, $0.rawValue] }
        + [VerdictStatus.errored, .cancelled].map { [$0.rawValue, JudgementResult.inconclusive.rawValue] }

    static let verdicts =
        endings.map { [VerdictKind.final.rawValue] + $0 }
        + JudgementResult.allCases.map {
            [VerdictKind.interim.rawValue, VerdictStatus.completed.rawValue, $0.rawValue]
        }
}
