import Glibc

/// The evidence about a metric in a sentence or two, for people who run services.
struct SequentialSentence {
    let name: String
    let classification: MetricClassification
    let evidence: SequentialEvidence

    var text: String {
        ([effect + counts, certainty].compactMap(\.self) + evidence.limits).joined(separator: "; ")
    }

    private var subject: String {
        switch evidence.comparison {
        case .latency: "\(name): slow requests"
        case .past: "\(name), against earlier times,"
        case .counts, .gauge, .unknown: name
        }
    }

    private var effect: String {
        guard let effect = evidence.effect else { return "\(subject): nothing has happened yet" }
        let verb = evidence.comparison == .latency ? "are" : "is"
        if effect.lower == effect.upper { return "\(subject) \(verb) \(Self.times(effect.estimate)) the control" }
        return "\(subject) \(verb) \(Self.times(effect.estimate)) the control"
            + " (\(effect.lower.readable) to \(effect.upper.readable) times)"
    }

    private static func times(_ ratio: Double) -> String { "\(ratio.readable) times" }

    private var counts: String {
        guard let control = evidence.control, let experiment = evidence.experiment else { return "" }
        return ": \(experiment.events.rounded().readable) of \(experiment.requests.rounded().readable) requests against"
            + " \(control.events.rounded().readable) of \(control.requests.rounded().readable)"
    }

    private var certainty: String? {
        switch classification {
        case .high, .low:
            if evidence.comparison == .past { return "at three looks in a row" }
            guard let releases = EvidenceSentence.releases(logEvidence: evidence.harmEvidence) else { return nil }
            return "fewer than 1 in \(Self.grouped(releases)) healthy releases would show this"
        case .pass:
            if let rate = evidence.ruledOutRate { return "a rate of \((rate * 100).readable) % or more is ruled out" }
            guard let harm = evidence.harm, evidence.comparison != .gauge, evidence.comparison != .past else {
                return "harm beyond the margin of \(evidence.margin.readable) is ruled out"
            }
            return "\(harm.readable) times the control is ruled out"
        case .undecided:
            guard let needed = evidence.neededUnits, needed >= 1, needed < 100_000 else { return "not decided yet" }
            return "not decided yet, about \(Int(needed.rounded(.up))) units more needed as things go"
        default: return nil
        }
    }

    private static func grouped(_ number: Int) -> String {
        let digits = String(number)
        guard digits.count > 3 else { return digits }
        return digits.dropLast(3) + "," + digits.suffix(3)
    }
}
