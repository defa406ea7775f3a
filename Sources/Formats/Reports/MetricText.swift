import Analysis
import Judging

/// One metric of a verdict or judgement: its row in a table, and everything that is known about it.
struct MetricText {
    private let metric: MetricVerdict
    private let unit: MetricUnit
    /// Of the bounds of a histogram, where that is asked for.
    let boundUnit: MetricUnit
    private let sequential: SequentialText?
    /// What was asked are the buckets of a histogram.
    private let isOfBuckets: Bool

    /// - Parameter times: when the analysis began, and the distance of two samples; nil for samples without times.
    init(_ metric: MetricVerdict, times: (start: Timestamp, step: Duration)? = nil) {
        self.metric = metric
        (unit, boundUnit, isOfBuckets) = MetricUnit.all(ofQuery: metric.experimentQuery ?? metric.controlQuery)
        sequential = SequentialText(metric.judgement, unit: boundUnit, times: times)
    }

    /// Name, both sides, their ratio, and the result; with the sequential judge the evidence in a few words.
    var row: [String] {
        let judgement = metric.judgement
        func side(_ statistics: SampleStatistics) -> String {
            guard statistics.count > 0 else { return "no samples" }
            // Of buckets the samples are the requests of each step, and no latency.
            if isOfBuckets { return "\(statistics.mean.brief) requests a step (n \(statistics.count))" }
            return "\(ReadableSample.text(statistics.mean, unit)) (n \(statistics.count))"
        }
        var result = metric.held.map { "waiting: \($0.rawValue)" } ?? judgement.classification.rawValue
        if judgement.criticalFailure { result += ", critical" }
        if judgement.muted { result = "shown only" }
        let ratio = judgement.control.mean == 0 ? "" : ReadableSample.ratio(judgement.ratio)
        let name = judgement.name
        guard let sequential else { return [name, side(judgement.control), side(judgement.experiment), ratio, result] }
        return [
            name, sequential.control ?? side(judgement.control), sequential.experiment ?? side(judgement.experiment),
            sequential.effect, result, metric.held == nil ? sequential.certainty : "",
        ]
    }

    /// What the evidence of the sequential judge rests on; empty with other judges.
    var basis: [String] { sequential?.lines ?? [] }

    /// What the judge found, beside its reason, a sentence each.
    var findings: [String] {
        basis + course + shiftAndEffect
    }

    /// Both sides' samples; of a side without any, that it has none.
    var statistics: [(side: String, statistics: String)] {
        // Of a histogram the samples are its requests.
        let what = metric.judgement.sequential?.comparison == .latency ? "requests of a step: " : ""
        return [("control", metric.judgement.control), ("experiment", metric.judgement.experiment)].map {
            name,
            samples in
            (name, what + side(samples))
        }
    }

    /// What was expected to be found, and how the effect went over the looks; empty with other judges, and where neither is
    /// known.
    var course: [String] {
        let outlook = metric.outlook.map { ["can be found: \($0)"] } ?? []
        return outlook + (EffectTrailText(metric.trail).map { [$0.line] } ?? [])
    }

    /// The effect at some of the looks, a line each.
    var trail: [String] { EffectTrailText(metric.trail)?.rows ?? [] }

    /// The result, both sides' samples, and what the judge found in them.
    var lines: [String] {
        let judgement = metric.judgement
        let waits = metric.held.map { ", waiting: \($0.rawValue)" } ?? ""
        var lines = [
            "  \(judgement.name): \(judgement.classification.rawValue)\(waits)"
                + "\(judgement.criticalFailure ? " (critical)" : "")\(judgement.muted ? " (muted)" : "")",
            "      control    \(side(judgement.control))",
            "      experiment \(side(judgement.experiment))",
        ]
        if let reason = judgement.reason { lines.append("      \(reason)") }
        lines += basis.map { "      \($0)" }
        lines += shiftAndEffect.map { "      \($0)" }
        return lines + metric.warnings.map { "      warning: \($0)" }
    }

    /// The evidence of Kayenta's judge; empty with others.
    private var shiftAndEffect: [String] {
        var lines: [String] = []
        if let shift = metric.judgement.shift {
            lines.append(
                "shift \(difference(shift.estimate)) (\(difference(shift.lower)) to \(difference(shift.upper))"
                    + " at \((shift.confidence * 100).formatted(decimals: 1)) %), counts beyond"
                    + " ±\(difference(shift.bound))"
            )
        }
        if let effect = metric.judgement.effect {
            lines.append(
                "\(effect.measure.rawValue) \(Self.number(effect.value)), allowed"
                    + " \(Self.number(effect.allowedDecrease)) to \(Self.number(effect.allowedIncrease))"
            )
        }
        return lines
    }

    /// What was asked.
    var queries: [String] {
        asked.map { side, query in
            "      \(side) query: \(query.split(whereSeparator: \.isNewline).joined(separator: " "))"
        }
    }

    /// By side, as it was sent.
    var asked: [(side: String, query: String)] {
        Self.asked("control", metric.controlQuery, metric.controlQueries)
            + Self.asked("experiment", metric.experimentQuery, metric.experimentQueries)
    }

    private static func asked(_ side: String, _ query: String?, _ sent: [String]) -> [(side: String, query: String)] {
        (sent.isEmpty ? [query].compactMap(\.self) : sent).map { (side, $0) }
    }

    private func side(_ side: SampleStatistics) -> String {
        side.count == 0
            ? "no samples"
            : "mean \(sample(side.mean)) ± \(difference(side.standardDeviation)), \(sample(side.minimum)) to"
                + " \(sample(side.maximum)), n = \(side.count)"
    }

    private func sample(_ value: Double) -> String {
        unit == .plain ? Self.number(value) : ReadableSample.text(value, unit)
    }

    /// A difference of shares is one of percentage points, which "%" alone would not say.
    private func difference(_ value: Double) -> String {
        guard unit == .ratio else { return sample(value) }
        return value.isFinite ? "\(Self.number(value * 100)) percentage points" : Self.number(value)
    }

    static func number(_ value: Double) -> String {
        abs(value) < 0.001 ? value.readable : value.formatted(decimals: 4)
    }
}
