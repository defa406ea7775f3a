import Analysis
import Engine
import Testing

@Suite("What is self-checked, and which time")
struct SelfCheckSubjectTests {
    private static let day = Timestamp(milliseconds: 1_772_323_200_000)

    /// Ended at the start of the day, without a verdict about the release.
    private static func closed(_ plan: AnalysisPlan = SelfCheckWorld.plan()) -> AnalysisSession {
        var session = AnalysisSession(
            id: "s",
            event: EngineHarness.event("1"),
            plan: plan,
            receivedAt: day + .seconds(-600)
        )
        _ = session.handle(.cancelled(reason: "withdrawn"), at: day)
        return session
    }

    private static func window(_ every: Duration, after: Duration) -> TimeWindow? {
        SelfCheckSubject(closed(), every: every, at: day + after)?.window
    }

    @Test("A check is about a lifetime that ends with a round, and has all its samples")
    func windows() {
        let hour = Duration.seconds(3_600)
        let expected = TimeWindow(start: Self.day + hour * 2 - .seconds(300), end: Self.day + hour * 2)
        #expect(Self.window(hour, after: hour * 2 + .seconds(2)) == expected)
        #expect(Self.window(hour, after: hour * 3 + .seconds(1)) == expected)
        #expect(Self.window(hour, after: hour * 3 + .seconds(2)) == expected.shifted(by: hour))
        // No time is checked twice, however short a round is.
        for every in [1, 60, 290, 299, 300] {
            let ends = (0..<2_000).compactMap { Self.window(.seconds(every), after: .seconds(3_000 + $0))?.end }
            for (one, next) in zip(ends, ends.dropFirst()) where one != next {
                #expect(next.since(one) >= .seconds(300), "\(every)")
            }
            #expect(Set(ends).count > 2)
        }
    }

    @Test("The release must have settled before the time that is checked")
    func settling() {
        let every = Duration.seconds(300)
        let firsts = (0..<3_600).filter { Self.window(every, after: .seconds($0)) != nil }
        #expect(firsts.first == 15 * 60 + 300 + 2)
        #expect(firsts.count == 3_600 - (15 * 60 + 300 + 2))
    }

    @Test("No distance of checks traps", arguments: [Duration.milliseconds(1), .milliseconds(Int64.max), .seconds(1)])
    func extremes(_ every: Duration) {
        _ = Self.window(every, after: .seconds(86_400))
        _ = Self.window(every, after: .milliseconds(Int64.max))
        _ = Self.window(every, after: .milliseconds(Int64.min))
    }

    @Test("Plans that cannot be checked: other judges, comparisons with the past, counts without pods")
    func plans() {
        func isChecked(_ change: (inout AnalysisPlan) -> Void) -> Bool {
            var plan = SelfCheckWorld.plan()
            change(&plan)
            return SelfCheckSubject(Self.closed(plan), every: .seconds(600), at: Self.day + .seconds(86_400)) != nil
        }
        #expect(isChecked { _ in })
        #expect(!isChecked { $0.judge = "NetflixACAJudge-v1.0" })
        #expect(!isChecked { $0.scopes.control = .before(.seconds(86_400)) })
        #expect(!isChecked { $0.metrics[0].breakdown = nil })
        #expect(!isChecked { $0.metrics[0].breakdown?.purpose = .strata })
        #expect(!isChecked { $0.metrics[0].muted = true })
        #expect(isChecked { $0.metrics[1].muted = true })
        // Its analysis goes on.
        let open = AnalysisSession(
            id: "s",
            event: EngineHarness.event("1"),
            plan: SelfCheckWorld.plan(),
            receivedAt: Self.day
        )
        #expect(SelfCheckSubject(open, every: .seconds(600), at: Self.day + .seconds(86_400)) == nil)
    }
}
