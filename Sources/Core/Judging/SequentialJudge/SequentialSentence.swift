/// The evidence about a metric in a sentence or two, for people who run services.
struct SequentialSentence {
    let name: String
    let classification: MetricClassification
    let evidence: SequentialEvidence
    /// In which direction the metric does harm.
    let direction: Direction

    init(
        name: String,
        classification: MetricClassification,
        evidence: SequentialEvidence,
        direction: Direction = .increase
    ) {
        self.name = name
        self.classification = classification
        self.evidence = evidence
        self.direction = direction
    }

    var text: String {
        ([statement, evidence.pods?.sentence, certainty].compactMap(\.self) + evidence.limits).joined(separator: "; ")
    }

    // MARK: - What is seen

    private var subject: String {
        guard evidence.comparison == .latency else { return name }
        return evidence.shownBound.map { "\(name): requests above \($0.bound.brief)" } ?? "\(name): slow requests"
    }

    /// `errors at 2.41 times the control (1.8 to 3.1 times): 41 of 1,800 requests against 20 of 18,000`.
    private var statement: String {
        guard let effect = evidence.effect else {
            return counts.map { "\(subject): \($0)" } ?? "\(subject): nothing to compare yet"
        }
        let reference = evidence.comparison == .past ? "its level before the release" : "the control"
        // Of nothing there is no multiple.
        if let counts, evidence.control?.events == 0 || evidence.experiment?.events == 0 {
            return "\(subject): \(counts)" + (effect.interval.map { ", \($0) \(reference)" } ?? "")
        }
        let interval = effect.interval.map { " (\($0))" } ?? ""
        return "\(subject) at \(effect.times(reference))\(interval)" + (counts.map { ": \($0)" } ?? "")
    }

    private var counts: String? {
        guard let control = evidence.control, let experiment = evidence.experiment else { return nil }
        return "\(experiment.events.briefCount) of \(experiment.requests.briefCount) requests against"
            + " \(control.events.briefCount) of \(control.requests.briefCount)"
    }

    // MARK: - How sure that is

    private var certainty: String? {
        switch classification {
        case .high, .low: harm
        case .pass: safety
        case .undecided: [suspicion, open].compactMap(\.self).joined(separator: "; ")
        default: nil
        }
    }

    private var harm: String? {
        if evidence.comparison == .past { return "at three looks in a row" }
        let others = evidence.harmEvidence < evidence.harmThreshold ? ", and other metrics point to harm with it" : ""
        return suspicion.map { $0 + others }
    }

    /// How few healthy releases look like this.
    private var suspicion: String? {
        guard evidence.comparison != .past, CombinedEvidence.isHeldBack(by: evidence.harmEvidence) else {
            return nil
        }
        return EvidenceSentence.releases(logEvidence: evidence.harmEvidence).map {
            "fewer than 1 in \(Double($0).brief) healthy releases would show this"
        }
    }

    /// Harm is a ratio; a margin is what all beyond is harm.
    private var safety: String {
        if let rate = evidence.ruledOutRate { return "a rate of \((rate * 100).brief) % or more is ruled out" }
        let reference = evidence.comparison == .past ? "that level" : "the control"
        let ratio = evidence.harm ?? evidence.margin
        let more = evidence.harm == nil ? "more than " : ""
        let less = evidence.harm == nil ? "less than " : ""
        return switch direction {
        case .increase: "\(more)\(ratio.brief) times \(reference) is ruled out"
        case .decrease: "\(less)\((1 / ratio).brief) times \(reference) is ruled out"
        case .either: "\(more)\(ratio.brief) times \(reference) is ruled out, upwards and downwards"
        }
    }

    private var open: String {
        if let looks = evidence.neededLooks, (1..<1000).contains(looks) {
            return "about \(looks) look\(looks == 1 ? "" : "s") more to decide, as things go"
        }
        guard let units = evidence.neededUnits, units >= 1, units < 10_000, evidence.neededLooks == nil else {
            return "not decided yet"
        }
        return "about \(units.rounded(.up).brief) samples more to decide, as things go"
    }
}
