import Foundation
import Judging
import StoredFormats
import Testing

@testable import Analysis

/// What people decide about an analysis.
@Suite struct SessionDecisionsTests {
    private let helper = AnalysisSessionTests()
    private var start: Timestamp { helper.start }

    private func decision(
        _ kind: PersonDecision.Kind,
        by actor: String = "alice",
        at seconds: Int = 100
    ) -> PersonDecision {
        PersonDecision(kind: kind, actor: actor, reason: "because", at: start + .seconds(seconds))
    }

    private func running() -> AnalysisSession { helper.session(helper.plan()) }

    private func ended(_ result: JudgementResult, status: VerdictStatus = .completed) -> AnalysisSession {
        var session = running()
        _ = session.handle(.cancelled(reason: "x"), at: start + .seconds(90))
        session.finalVerdict?.status = status
        session.finalVerdict?.result = result
        session.finalVerdict?.cause = nil
        session.finalVerdict?.score = 20
        session.finalVerdict?.groups = [GroupScore(name: "g", score: 20, weight: 100, noData: false)]
        return session
    }

    private func taken(_ outcome: DecisionOutcome) -> Verdict? {
        if case .decided(let verdict) = outcome { verdict } else { nil }
    }

    private func refused(_ outcome: DecisionOutcome) -> DecisionRefusal? {
        if case .refused(let refusal) = outcome { refusal } else { nil }
    }

    @Test("A decision ends a running analysis with its one final verdict")
    func ends() throws {
        for (kind, status, result) in [
            (PersonDecision.Kind.approve, VerdictStatus.completed, JudgementResult.pass), (.abort, .completed, .fail),
            (.cancel, .cancelled, .inconclusive),
        ] {
            var session = running()
            let verdictOutcome = session.decide(decision(kind))
            let verdict = try #require(taken(verdictOutcome))
            #expect(session.phase == .finished && session.wakeAt == nil && session.finalVerdict == verdict)
            #expect(verdict.id == "s1/final" && verdict.status == status && verdict.result == result)
            #expect(verdict.decision == decision(kind) && verdict.reason.contains("by alice: because"))
            #expect(verdict.cause == (kind == .cancel ? .cancelled : nil))
            #expect(session.handle(.woken, at: start + .seconds(200)) == [])
            #expect(session.decisions == [KeptDecision(decision: decision(kind), key: nil, verdict: verdict.id)])
        }
    }

    @Test("An outage that was waited for has no part in what a person decides")
    func outage() throws {
        var session = running()
        _ = helper.wake(&session, at: start + .seconds(32), control: helper.outage)
        #expect(session.hold?.mayBeOutage == true)
        let verdictOutcome = session.decide(decision(.approve))
        let verdict = try #require(taken(verdictOutcome))
        #expect(verdict.hold == nil && session.hold == nil)
    }

    @Test("A decision against a verdict is a further one, later and without a score that says otherwise")
    func overrules() throws {
        var session = ended(.fail)
        let former = try #require(session.finalVerdict)
        let approvedOutcome = session.decide(decision(.approve, at: 90))
        let approved = try #require(taken(approvedOutcome))
        #expect(approved.id == "s1/decision/1" && approved.kind == .final && approved.result == .pass)
        #expect(approved.score == nil && approved.groups == [] && approved.decidedAt > former.decidedAt)
        #expect(approved.reason == "approved by alice: because (it was completed, fail)")
        #expect(session.finalVerdict == approved)
        // The same again, with or without a reason of its own, decides nothing.
        let again = session.decide(decision(.approve, by: "bob", at: 120))
        #expect(again == .unchanged(verdict: approved.id))
        // Another person's contrary decision must know of the first.
        let contrary = decision(.abort, by: "bob", at: 130)
        let (unknowing, stale) = (session.decide(contrary), session.decide(contrary, seen: former.id))
        #expect(refused(unknowing) == .decidedBefore(decision(.approve, at: 90)))
        #expect(refused(stale) == .changed(approved))
        let abortedOutcome = session.decide(contrary, seen: approved.id)
        let aborted = try #require(taken(abortedOutcome))
        #expect(aborted.id == "s1/decision/2" && aborted.result == .fail && aborted.decidedAt > approved.decidedAt)
    }

    @Test("A decision that says what the verdict says is none", arguments: [true, false])
    func unchanged(isPass: Bool) {
        var session = ended(isPass ? .pass : .fail)
        let before = session
        let outcome = session.decide(decision(isPass ? .approve : .abort))
        #expect(outcome == .unchanged(verdict: "s1/final") && session == before)
        // A pass that an outage had a part in is none yet.
        guard isPass else { return }
        session.finalVerdict?.hold = Hold(cause: .unreachable, reason: "", since: start)
        let firm = session.decide(decision(.approve))
        #expect(taken(firm).map { $0.hold == nil } == true)
    }

    @Test("The same request decides once, also after another decision")
    func keys() throws {
        var session = running()
        let approvedOutcome = session.decide(decision(.approve), key: "k1")
        let approved = try #require(taken(approvedOutcome))
        let aborted = session.decide(decision(.abort, by: "bob"), key: "k2", seen: approved.id)
        #expect(taken(aborted)?.id == "s1/decision/2")
        let before = session
        let (again, other) = (
            session.decide(decision(.approve), key: "k1"), session.decide(decision(.abort), key: "k1")
        )
        #expect(again == .unchanged(verdict: approved.id))
        #expect(refused(other) == .keyOfAnother(decision(.approve)))
        #expect(session == before)
    }

    @Test("What was replaced, withdrawn or came too late is not decided about")
    func replaced() {
        var superseded = running()
        _ = superseded.handle(.superseded(version: "3.0"), at: start + .seconds(50))
        for kind in [PersonDecision.Kind.approve, .abort] {
            let first = superseded.decide(decision(kind))
            #expect(refused(first) == .replaced("superseded: version 3.0 was deployed"), "\(kind)")
            var ended = ended(.inconclusive)
            let second = ended.decide(decision(kind), replacement: "another one came")
            #expect(refused(second) == .replaced("another one came"))
            // What a person cancelled may still be decided.
            var cancelled = running()
            _ = cancelled.decide(decision(.cancel))
            let third = cancelled.decide(decision(kind), seen: "s1/final")
            #expect(taken(third)?.status == .completed)
        }
        var unknown = ended(.pass, status: .unknown("new"))
        var passed = ended(.pass)
        let outcomes = [
            unknown.decide(decision(.approve)), superseded.decide(decision(.cancel)), passed.decide(decision(.cancel)),
        ]
        #expect(refused(outcomes[0]) != nil)
        #expect(outcomes[1] == .unchanged(verdict: "s1/final"))
        #expect(refused(outcomes[2]) == passed.finalVerdict.map { .ended($0) })
    }

    @Test("A caller who saw another state than there is decides nothing")
    func seen() {
        var session = running()
        let early = session.decide(decision(.approve), seen: "s1/final")
        #expect(refused(early) == .changed(nil))
        let right = session.decide(decision(.approve), seen: AnalysisSession.unseen)
        #expect(taken(right) != nil)
        var ended = ended(.fail)
        let late = ended.decide(decision(.approve), seen: AnalysisSession.unseen)
        #expect(refused(late) == ended.finalVerdict.map { .changed($0) })
    }

    @Test("Decisions and opinions are bounded") func bounds() {
        var session = running()
        _ = session.decide(decision(.approve))
        for number in 0..<50 {
            let id = session.finalVerdict?.id
            let outcome = session.decide(decision(number % 2 == 0 ? .abort : .approve), seen: id)
            #expect((taken(outcome) != nil) == (number + 1 < AnalysisSession.maximumDecisions))
            if number + 1 == AnalysisSession.maximumDecisions { #expect(refused(outcome) == .tooMany) }
        }
        #expect(session.decisions.count == AnalysisSession.maximumDecisions)
        for number in 0..<200 {
            let (first, second) = (session.keep(opinion("a\(number)")), session.keep(opinion("a\(number)")))
            #expect(first && !second)
        }
        #expect(session.feedback.count == AnalysisSession.maximumFeedback && session.feedback.last?.actor == "a199")
    }

    private func opinion(_ actor: String, _ opinion: VerdictFeedback.Opinion = .wrong) -> VerdictFeedback {
        VerdictFeedback(verdict: "v", opinion: opinion, actor: actor, note: nil, at: start)
    }

    @Test("A caller's newer opinion takes the place of the older one") func opinions() {
        var session = ended(.fail)
        _ = session.keep(opinion("alice"))
        _ = session.keep(opinion("bob"))
        let isNew = session.keep(opinion("alice", .right))
        #expect(isNew && session.feedback.map(\.actor) == ["bob", "alice"] && session.feedback.last?.opinion == .right)
    }

    @Test("All of it is kept, and a session without any is stored as before") func stored() throws {
        var session = ended(.fail)
        let before = try SessionForm.write(session)
        #expect(!String(decoding: before, as: UTF8.self).contains("decision"))
        _ = session.decide(decision(.approve), key: "k")
        _ = session.keep(opinion("alice"))
        #expect(try SessionForm.read(try SessionForm.write(session)) == session)
    }

    @Test("The end by a person is a transition, and a further verdict is none") func transitions() {
        let before = running()
        var session = before
        _ = session.decide(decision(.abort))
        let ended = SessionTransition.between(before, session, verdicts: [], at: start, replica: "r")
        #expect(ended.map(\.cause) == [.finished])
        #expect(ended.first?.reason == "completed, fail: aborted by alice: because")
        let finished = session
        _ = session.decide(decision(.approve), seen: "s1/final")
        #expect(SessionTransition.between(finished, session, verdicts: [], at: start, replica: "r") == [])
    }
}
