import Analysis
import Judging
import Store
import Synchronization

/// Watches the states that judges keep: each step of a session is folded in once, and nothing of it is lost.
final class StateAuditor: Sendable {
    /// Times that nothing was to be learned from, as the store listed the sessions at some time.
    private typealias Listing = [Excluded]

    private struct Excluded: Hashable {
        var session: String
        var time: TimeWindow
        var hasFailed: Bool
    }

    private struct Books {
        /// By session and metric, as they were committed last.
        var states: [String: [Int: [UInt8]]] = [:]
        /// By application: what has been told of other sessions.
        var listings: [String: Set<Listing>] = [:]
        /// By session and metric: the noise of an earlier analysis that it went by.
        var kept: [String: [Int: KeptNoise]] = [:]
        /// By session and metric: what it may have begun without.
        var possible: [String: [Int: [UnlearnedTimesAsListed]]] = [:]
    }

    private let source: SampleSource
    private let time: @Sendable () -> Timestamp
    private let report: @Sendable (String) -> Void
    private let books = Mutex(Books())

    init(
        source: SampleSource,
        time: @escaping @Sendable () -> Timestamp,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.time = time
        self.report = report
    }

    /// The store has told a replica which sessions there are of an application.
    func listed(_ sessions: [AnalysisSession], of application: String) {
        let listing = sessions.map { session in
            let verdict = session.finalVerdict
            let failed = verdict?.result == .fail ? verdict?.decidedAt : nil
            let warm = session.deployedAt + session.plan.schedule.warmup
            let time = TimeWindow(start: session.deployedAt, end: failed ?? warm)
            return Excluded(session: session.id, time: time, hasFailed: failed != nil)
        }
        books.withLock { _ = $0.listings[application, default: []].insert(listing) }
    }

    /// What a replica goes on with must be what was committed last.
    func claimed(_ sessions: [StoredSession], _ tables: MemoryTables) {
        for session in sessions.map(\.session) {
            let stored = tables.states[session.id]?.mapValues(\.bytes) ?? [:]
            if books.withLock({ $0.states[session.id] ?? [:] }) != stored {
                report("session \(session.id) goes on with states that are not those of its last decision")
            }
        }
    }

    func committed(_ change: StoreChange) {
        for session in change.written.map(\.session) {
            guard session.phase != .finished else {
                books.withLock { $0.states[session.id] = nil }
                continue
            }
            for state in change.states where state.session == session.id {
                if let problem = problem(of: state, in: session) {
                    report("metric \(state.metric) of \(session.id): \(problem)")
                }
                books.withLock { $0.states[session.id, default: [:]][state.metric] = state.bytes }
            }
        }
    }

    /// What each metric may have begun without: one list for all where nothing is known of it.
    func possibleExclusions(of session: AnalysisSession) -> [[UnlearnedTimesAsListed]] {
        var combinations: [[UnlearnedTimesAsListed]] = [[]]
        for metric in session.plan.metrics.indices {
            let possible = possible(session, metric)
            combinations = combinations.flatMap { begun in possible.map { begun + [$0] } }
        }
        return combinations
    }

    /// By metric: the noise of an earlier analysis that the session went by.
    func kept(by session: AnalysisSession) -> [Int: KeptNoise] { books.withLock { $0.kept[session.id] ?? [:] } }

    private func possible(_ session: AnalysisSession, _ metric: Int) -> [UnlearnedTimesAsListed] {
        let history = SequentialReplay.history(
            of: session,
            session.plan.sequentialRule(of: session.plan.metrics[metric], isPast: false)
        )
        return books.withLock { books in
            if let known = books.possible[session.id]?[metric] { return known }
            let listings = (books.listings[session.event.application] ?? []).map { listing in
                let others = listing.filter { $0.session != session.id }.map { ($0.time, $0.hasFailed) }
                return UnlearnedTimesAsListed(others, before: session, in: history)
            }
            return Array(Set(listings)).sorted { $0.experiment.count < $1.experiment.count }
        }
    }

    // MARK: - One state

    private func problem(of stored: StoredMetricState, in session: AnalysisSession) -> String? {
        guard let state = try? SequentialState(decoding: stored.bytes) else { return "its state cannot be read" }
        let before = books.withLock { $0.states[session.id]?[stored.metric] }
        let folded = before.flatMap { try? SequentialState(decoding: $0) }?.folded ?? 0
        guard state.folded >= folded else { return "\(state.folded) steps are folded, after \(folded)" }
        guard state.folded <= settled(session) else {
            return "\(state.folded) steps are folded, of which \(settled(session)) are settled"
        }
        if let kept = state.kept { books.withLock { $0.kept[session.id, default: [:]][stored.metric] = kept } }
        guard session.isSettled(folded: state.folded, source) else { return nil }
        let possible = possible(session, stored.metric)
        let fitting = possible.filter { excluded in
            let excluded = session.plan.metrics.map { _ in excluded }
            let replay = SequentialReplay(
                session: session,
                source: source,
                excluded: excluded,
                kept: kept(by: session)
            )
            let same = replay.state(stored.metric, folded: state.folded)
            return judgement(of: state, replay.rule(stored.metric)) == judgement(of: same, replay.rule(stored.metric))
        }
        books.withLock { $0.possible[session.id, default: [:]][stored.metric] = fitting }
        guard !fitting.isEmpty else {
            return "its state after \(state.folded) steps is not what these steps come to"
        }
        return sumProblem(of: state, stored.metric, in: session)
    }

    /// Steps that no later look may see otherwise.
    private func settled(_ session: AnalysisSession) -> Int {
        let now = time() + StoreAuditor.clockTolerance
        guard let look = session.schedule.latestDue(at: now) else { return 0 }
        let steps = look.window.sampleCount(step: session.plan.schedule.step)
        return look.isLast ? steps : steps - 2
    }

    private func judgement(of state: SequentialState, _ rule: SequentialRule) -> MetricJudgement {
        var workspace = JudgingWorkspace()
        var pair = MetricPair(name: "", control: [], experiment: [])
        pair.settings.sequential = rule
        pair.state = state
        return SequentialJudge().judge(pair, in: &workspace).withoutSplit
    }

    /// What the state has added up, against the plain sums of the same steps.
    private func sumProblem(of state: SequentialState, _ metric: Int, in session: AnalysisSession) -> String? {
        let none = session.plan.metrics.map { _ in UnlearnedTimesAsListed() }
        let replay = SequentialReplay(session: session, source: source, excluded: none)
        let (start, step) = (session.schedule.start, session.plan.schedule.step)
        let window = TimeWindow(start: start, end: start + step * state.folded)
        let evidence = judgement(of: state, replay.rule(metric)).sequential
        for side in Side.allCases where side == .experiment || session.controlOffset == .zero {
            let tally = side == .control ? state.control : state.experiment
            let column = replay.column(metric, side, window)
            let shown = column.shown
            guard tally.coverage.expected == state.folded, tally.count == shown.count,
                shown.isEmpty || (tally.minimum == shown.min() && tally.maximum == shown.max())
            else { return "\(tally.count) samples of the \(side.rawValue) have been folded in, of \(shown.count)" }
            guard case .counts(let counts) = column, let evidence else { continue }
            let direct = ExposureTotals(
                events: counts.events.reduce(0, +),
                requests: counts.requests.reduce(0, +)
            )
            let totals = side == .control ? evidence.control : evidence.experiment
            guard totals == direct else { return "the \(side.rawValue) adds up to \(direct), not to what is kept" }
        }
        return nil
    }
}

extension MetricJudgement {
    /// Which share of the requests was declared depends on when the event came that declared it.
    var withoutSplit: MetricJudgement {
        guard var sequential else { return self }
        sequential.split = nil
        var judgement = self
        judgement.evidence = .sequential(sequential)
        // It is not kept.
        judgement.decidesNothing = false
        return judgement
    }
}

extension AnalysisSession {
    /// Whether the samples of the first steps were there at each look that folded them in. The newest two of the last look
    /// are folded as they are.
    func isSettled(folded: Int, _ source: SampleSource) -> Bool {
        let step = plan.schedule.step
        let count = schedule.look(schedule.count).window.duration.milliseconds / max(1, step.milliseconds)
        return !(Int(count) - 1..<Int(count) + 1).contains { number in
            number <= folded && source.isLate(schedule.start + step * number, step: step)
        }
    }
}
