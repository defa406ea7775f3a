import Analysis
import Foundation
import Store
import Testing

extension StoreConformanceTests {
    private func past(_ id: String, application: String = "shop") -> PastAnalysis {
        var event = event(id, application: application)
        event.time = now - .seconds(3600)
        let session = AnalysisSession(id: id, event: event, plan: session(id).plan, receivedAt: now - .seconds(3600))
        return PastAnalysis(session: session, controlLag: .seconds(-600))
    }

    private func ended(_ past: PastAnalysis) -> PastAnalysis {
        var past = past
        let verdict = past.session.reject(.unanswered(.unreachable, "no route"), at: now)
        past.verdicts = [verdict]
        past.transitions = SessionTransition.between(nil, past.session, verdicts: [verdict], at: now, replica: "one")
        return past
    }

    @Test func aPastAnalysisIsTakenUpByOneReplicaAndKept() async throws {
        try await withStore { store in
            let none = try await store.claimPastAnalysis(claim("one", at: now))
            #expect(none == nil)
            let (first, second) = (past("a"), past("b"))
            #expect(try await store.add(first, at: now, unlessWaiting: 2))
            #expect(try await store.add(second, at: now + .seconds(1), unlessWaiting: 2))
            #expect(try await !store.add(past("c"), at: now, unlessWaiting: 2))
            let absent = try await store.pastAnalysis(id: "c")
            #expect(absent == nil)
            var kept = try #require(try await store.pastAnalysis(id: "a"))
            #expect(kept == StoredPastAnalysis(first, requestedAt: now))
            // The oldest first, and each by one.
            let claimed = try #require(try await store.claimPastAnalysis(claim("one", at: now)))
            #expect(claimed.analysis == first && claimed.attempts == 1)
            let other = try #require(try await store.claimPastAnalysis(claim("two", at: now)))
            #expect(other.analysis == second)
            let more = try await store.claimPastAnalysis(claim("three", at: now))
            #expect(more == nil)
            kept = try #require(try await store.pastAnalysis(id: "a"))
            #expect(kept.isBegun && kept.finishedAt == nil)
            // A lease that was renewed holds, one that has run out does not.
            let later = now + .seconds(31)
            #expect(try await store.renewPastAnalysis("a", version: claimed.version, until: later + .seconds(30)))
            let taken = try #require(try await store.claimPastAnalysis(claim("three", at: later)))
            #expect(taken.analysis == second && taken.attempts == 2)
            #expect(try await !store.renewPastAnalysis("b", version: other.version, until: later + .seconds(30)))
            await #expect(throws: StoreError.self) {
                try await store.finish(ended(second), [], version: other.version, at: later)
            }
            let block = SampleBlock(
                session: "a",
                metric: 0,
                side: .control,
                first: now,
                step: .seconds(1),
                values: [1, .nan, 3]
            )
            try await store.finish(ended(first), [block], version: claimed.version, at: later)
            kept = try #require(try await store.pastAnalysis(id: "a"))
            #expect(kept.analysis == ended(first) && kept.finishedAt == later)
            let samples = try await store.samples(ofPastAnalysis: "a")
            #expect(samples.count == 1 && samples[0].values[2] == 3 && samples[0].values[1].isNaN)
            #expect(try await store.samples(ofPastAnalysis: "b").isEmpty)
            await #expect(throws: StoreError.self) {
                try await store.finish(ended(first), [], version: claimed.version, at: later)
            }
            // Nothing of it is an analysis of a release.
            #expect(try await store.sessions(SessionQuery()).isEmpty)
            let session = try await store.session(id: "a")
            #expect(session == nil)
        }
    }

    @Test func aPastAnalysisThatEndsWithItsProcessIsNotBegunForEver() async throws {
        try await withStore { store in
            #expect(try await store.add(past("a"), at: now, unlessWaiting: 1))
            // What is given back was no attempt.
            _ = try await store.claimPastAnalysis(claim("one", at: now))
            try await store.releasePastAnalyses(owner: "two")
            let held = try await store.claimPastAnalysis(claim("two", at: now))
            #expect(held == nil)
            try await store.releasePastAnalyses(owner: "one")
            var time = now
            for attempt in 1...ClaimedPastAnalysis.mostAttempts {
                let claimed = try await store.claimPastAnalysis(claim("one", at: time))
                #expect(claimed?.attempts == attempt)
                time = time + .seconds(31)
            }
            let claimed = try await store.claimPastAnalysis(claim("one", at: time))
            #expect(claimed == nil)
            // It takes nobody's place.
            #expect(try await store.add(past("b"), at: now, unlessWaiting: 1))
        }
    }

    @Test func pastAnalysesAreListedAndExpire() async throws {
        try await withStore { store in
            for number in 0..<5 {
                let name = number.isMultiple(of: 2) ? "shop" : "other"
                let past = past("p\(number)", application: name)
                #expect(try await store.add(past, at: now + .seconds(number / 2), unlessWaiting: 9))
            }
            func ids(_ query: PastAnalysisQuery) async throws -> [String] {
                try await store.pastAnalyses(query).map(\.analysis.id)
            }
            #expect(try await ids(PastAnalysisQuery()) == ["p4", "p2", "p3", "p0", "p1"])
            #expect(try await ids(PastAnalysisQuery(application: "other")) == ["p3", "p1"])
            #expect(try await ids(PastAnalysisQuery(environment: "elsewhere")).isEmpty)
            let page = try await store.pastAnalyses(PastAnalysisQuery(limit: 2))
            #expect(try await ids(PastAnalysisQuery(after: page.last?.cursor, limit: 2)) == ["p3", "p0"])
            // What waits does not expire.
            let cutoffs = RetentionCutoffs([.pastAnalyses: now + .seconds(1)])
            #expect(try await store.deleteExpired(cutoffs, limit: 10)[.pastAnalyses] == 0)
            for _ in 0..<3 {
                let claimed = try #require(try await store.claimPastAnalysis(claim("one", at: now)))
                try await store.finish(ended(claimed.analysis), [], version: claimed.version, at: now)
            }
            #expect(try await store.deleteExpired(cutoffs, limit: 1)[.pastAnalyses] == 1)
            #expect(try await store.deleteExpired(cutoffs, limit: 10)[.pastAnalyses] == 1)
            #expect(try await ids(PastAnalysisQuery()) == ["p4", "p2", "p3"])
        }
    }
}
