import Analysis
import Judging
import Prometheus
import Store

/// One self-check: what a plan would have said about a release that changed nothing. A part of the stable version's pods
/// stands for the new version, the others for the control, and a time that has passed is looked at as an analysis does.
///
/// It reads, and gives an outcome: no event, session, sample, verdict or message comes of it.
struct SelfCheck {
    private let subject: SelfCheckSubject
    private let records: any AnalysisRecords
    private let backEnd: BackgroundBackEnd

    private var session: AnalysisSession { subject.session }
    private var plan: AnalysisPlan { session.plan }

    /// - Parameter records: of all analyses, for what they have learned and when they failed.
    init(of subject: SelfCheckSubject, records: any AnalysisRecords, backEnd: BackgroundBackEnd) {
        self.subject = subject
        self.records = records
        self.backEnd = backEnd
    }

    /// Nil where the task was cancelled.
    func run() async -> (outcome: SelfCheckOutcome, division: SeriesDivision?)? {
        do throws(SelfCheckEnd) {
            let division = try await division()
            let outcome = try await outcome(dividing: division)
            return Task.isCancelled ? nil : (outcome, division)
        } catch {
            return Task.isCancelled ? nil : (.skipped(error.reason), nil)
        }
    }

    // MARK: - Pods

    private func division() async throws(SelfCheckEnd) -> SeriesDivision {
        let queries = ScopedQueries(of: session)
        // Pods that were there at both ends: a part whose pods come or go would end before the others.
        let window = subject.window
        let ends = TimeWindow(start: window.start - window.duration, end: window.end)
        for side in subject.stable {
            let answer: BackEndAnswer
            do throws(SamplingFailure) {
                let query = try queries.values(of: subject.pods.label, in: subject.pods.query, of: side)
                answer = try await backEnd.series(of: query, in: ends, step: window.duration)
            } catch {
                throw SelfCheckEnd(reason: backEnd.obstacle.map(SelfCheckSkip.init) ?? .query)
            }
            let pods = answer.series(by: subject.pods.label).filter { !$0.values.contains { $0.isNaN } }.map(\.name)
            guard let parts = PodDivision(pods, share: subject.share, at: window.start) else { continue }
            return SeriesDivision(
                of: side,
                by: subject.pods.label,
                control: parts.control,
                experiment: parts.experiment
            )
        }
        throw SelfCheckEnd(reason: .tooFewPods)
    }

    // MARK: - Looks

    private func outcome(dividing division: SeriesDivision) async throws(SelfCheckEnd) -> SelfCheckOutcome {
        guard let judge = Judges.named(plan.judge) else { throw SelfCheckEnd(reason: .query) }
        let sampler = IncrementSampler(Sampler(backEnd: backEnd))
        let queries = ScopedQueries(of: session, dividing: division)
        let past = try await past()
        var states: [Int: SequentialState] = [:]
        for number in 1...session.schedule.count {
            let look = session.schedule.look(number)
            let (samples, _) = await sampler.sample(
                look,
                of: session,
                states: states,
                excluded: past.excluded,
                kept: past.kept,
                queries: queries
            )
            if let obstacle = backEnd.obstacle { throw SelfCheckEnd(reason: SelfCheckSkip(obstacle)) }
            for (index, metric) in samples.metrics.enumerated() { states[index] = metric.state ?? states[index] }
            var review = LookReview(samples, plan: plan)
            guard review.impossible == nil, !Task.isCancelled else { throw SelfCheckEnd(reason: .query) }
            review.fold(by: judge)
            let judgement = judge.judge(review.judgeable, by: plan.scoringRules)
            review.record(judgement)
            for (index, metric) in review.metrics.enumerated() { states[index] = metric.pair.state ?? states[index] }
            if let outcome = try outcome(of: judgement, look, isHeld: review.hold != nil) { return outcome }
        }
        return .inconclusive
    }

    /// What ends the check at a look, by the rules that end an analysis; nil where it goes on.
    private func outcome(
        of judgement: Judgement,
        _ look: Look,
        isHeld: Bool
    ) throws(SelfCheckEnd) -> SelfCheckOutcome? {
        if plan.failsNow(judgement, isComplete: !isHeld, isLast: look.isLast) {
            let blamed = judgement.metrics.filter { ![.pass, .undecided, .nodata].contains($0.classification) }
            let worst = blamed.max { ($0.sequential?.harmEvidence ?? 0) < ($1.sequential?.harmEvidence ?? 0) }
            return .fail(
                SelfCheckFailure(
                    metric: worst?.name ?? "",
                    effect: worst?.sequential?.effect,
                    look: look.number,
                    evidence: worst?.reason?.text ?? judgement.reason
                )
            )
        }
        guard !isHeld else {
            guard !look.isLast else { throw SelfCheckEnd(reason: .noData) }
            return nil
        }
        if judgement.decision == .passNow, look.isLast || look.window.end >= session.earliestPass {
            return .pass(look: look.number)
        }
        return look.isLast ? .inconclusive : nil
    }

    /// What earlier analyses have left for a later one.
    private func past() async throws(SelfCheckEnd) -> (excluded: UnlearnedTimes, kept: [Int: KeptNoise]) {
        do throws(StoreError) {
            var excluded = try await records.unlearnedTimes(for: session)
            excluded.control.append(subject.excluded)
            // Both sides are the stable version.
            excluded.experiment = excluded.control
            return (excluded, try await NoiseMemory(of: session).kept(in: records, without: [:]))
        } catch {
            throw SelfCheckEnd(reason: .store)
        }
    }
}

/// A check that comes to nothing.
private struct SelfCheckEnd: Error {
    let reason: SelfCheckSkip
}
