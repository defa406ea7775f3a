package import Judging

/// The steps in which the metrics that speak against a release did so.
package struct FaultTimes: Sendable, Equatable {
    /// Samples come after it.
    package var seenFrom: Timestamp
    package var step: Duration
    /// In order, each once.
    package var instants: [Timestamp]

    package init(seenFrom: Timestamp, step: Duration, instants: [Timestamp]) {
        self.seenFrom = seenFrom
        self.step = step
        self.instants = Array(Set(instants)).sorted()
    }

    /// When the first of them began.
    package var onset: Timestamp? { instants.first.map { $0 - step } }

    /// How well a change at a time fits them, given when the release was deployed; nil without faults.
    ///
    /// A fault before the first sample cannot be seen. So the time from the change to the first sample neither counts as a
    /// window, nor makes the score fade, except by how much the change is older than the release.
    package func score(of at: Timestamp, release deployedAt: Timestamp) -> Double? {
        guard !instants.isEmpty else { return nil }
        let unit = max(60_000, step.milliseconds)
        let start = max(at, seenFrom)
        let after = instants.filter { $0 > start }
        let limits = BlameScore.windows.map { start + .milliseconds(unit * Int64($0)) }
        let votes = limits.map { limit in after.count { $0 <= limit } } + [after.count]
        let longest = unit * Int64(BlameScore.windows.last ?? 0)
        let vetoes = instants.count { $0 <= start && $0 > at - .milliseconds(longest) }
        let quiet = after.first.map { max(0, ($0 - step).since(start).milliseconds) } ?? 0
        let older = max(0, deployedAt.since(at).milliseconds)
        return BlameScore.faded(
            BlameScore.temporal(votes: votes, vetoes: vetoes),
            byUnits: Double(quiet + older) / Double(unit)
        )
    }
}

extension FaultTimes {
    /// Those of a look, as the judgement of its samples shows them.
    package init(_ review: LookReview, _ judgement: Judgement, of session: AnalysisSession) {
        let (window, schedule, step) = (review.samples.look.window, session.schedule, session.plan.schedule.step)
        var judged = judgement.metrics[...]
        var instants: [Timestamp] = []
        var seenFrom = schedule.start
        for metric in review.metrics where metric.detail == nil {
            guard let found = judged.popFirst(), !found.muted else { continue }
            if let sequential = found.sequential {
                // It is nil where nothing points to harm.
                guard let onset = sequential.since(start: schedule.start, step: step) else { continue }
                instants += Self.instants(after: onset, in: window, step: step)
            } else if found.speaksAgainst {
                seenFrom = window.start
                let steps = FaultSteps.found(in: metric.pair, found.classification)
                instants += steps.map { window.start + step * ($0 + 1) }
            }
        }
        self.init(seenFrom: seenFrom, step: step, instants: instants)
    }

    private static func instants(after onset: Timestamp, in window: TimeWindow, step: Duration) -> [Timestamp] {
        let (from, length) = (max(onset, window.start), step.milliseconds)
        let count = length > 0 ? window.end.since(from).milliseconds / length : 0
        guard (1...Int64(maximumSteps)).contains(count) else { return [] }
        return (0..<count).map { window.end - step * Int($0) }
    }

    /// More steps than any plan has.
    private static let maximumSteps = 200_000
}

extension MetricJudgement {
    fileprivate var speaksAgainst: Bool {
        switch classification {
        case .high, .low, .fail, .marginal: true
        case .pass, .undecided, .nodata, .nodataFailMetric, .error, .unknown: false
        }
    }
}
