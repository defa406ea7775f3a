import Analysis
import Engine
import Judging
import Store
import Telemetry
import Testing

@Suite("Self-checks")
struct SelfCheckTests {
    private let clock = ManualClock(EngineHarness.start)

    // MARK: - Outcomes

    @Test("A stable version whose pods are alike passes, and nothing that is stored changes")
    func passes() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary").answer)
            let keeper = await world.keeper()
            let before = try world.stored
            let asked = world.backEnd.questions.count
            let outcomes = try await keeper.pass().map(\.outcome)
            guard case .pass(let look)? = outcomes.first, outcomes.count == 1 else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(look >= 1)
            #expect(world.count("pass") == 1 && world.count("fail") == 0)
            #expect(world.harness.metrics.selfChecks.accepted.value() == 0.05)
            #expect(try world.stored == before)
            #expect(world.log.count(of: "self-check done") == 1)
            let questions = world.backEnd.questions.dropFirst(asked)
            #expect(
                questions.filter { !$0.query.contains(#"pod=~""#) }.map(\.query) == [
                    #"group by (pod) (r{track="canary"})"#
                ]
            )
            // A query is asked once, and of the control, and of both sides of the load, once more for the time before.
            #expect(Set(questions.map { "\($0.query) \($0.window)" }).count == questions.count)
            #expect(questions.count == 1 + 6 + 4)
            #expect(questions.allSatisfy { $0.window.end < clock.now() })
            #expect(world.harness.metrics.selfChecks.queries.value("answered") == Double(questions.count))
        }
    }

    @Test("A false alarm is counted and told, and is no release's verdict")
    func fails() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let odd = try await world.drawn(SelfCheckPods(track: "canary"))
            #expect(odd.count == 2)
            world.backEnd.replace(SelfCheckPods(track: "canary", factor: { odd.contains($0) ? 5 : 1 }).answer)
            let keeper = await world.keeper()
            let (messages, before) = (world.harness.topic.messages, try world.stored)
            // The same window once more, as after a restart.
            let outcomes = try await keeper.pass().map(\.outcome)
            guard case .fail(let failure)? = outcomes.first, outcomes.count == 1 else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(failure.metric == "errors")
            #expect(failure.effect.map { (3...8).contains($0.estimate) } == true)
            #expect(world.count("fail") == 1 && world.count("pass") == 1)
            #expect(try world.stored == before)
            let line = try #require(world.log.all.first { $0.hasPrefix("warning") })
            #expect(line.contains("no release is concerned") && line.contains("metric=errors"))
            #expect(line.contains("application=shop") && line.contains("pods=\(odd.sorted().joined(separator: ", "))"))
            // No more is delivered, listed or decided than before.
            #expect(await world.harness.deliver(world.harness.relay) == 0)
            #expect(world.harness.topic.messages == messages)
            #expect(world.harness.metrics.verdicts.value("final", "completed", "fail") == 0)
        }
    }

    @Test(
        "It comes to what an analysis does of a release with the same pods, at the same look",
        arguments: [1.5, 2, 5]
    )
    func asAnAnalysis(_ factor: Double) async throws {
        try await SelfCheckWorld.open(clock) { world in
            let part = try await world.drawn(SelfCheckPods(track: "canary"))
            var pods = SelfCheckPods(track: "canary", factor: { part.contains($0) ? factor : 1 })
            world.backEnd.replace(pods.answer)
            let outcome = try #require(try await world.outcomes.first)
            let window = try #require(world.backEnd.questions.last { $0.window.duration == .seconds(300) }).window
            pods.part = part
            let canary = pods.answer
            (pods.track, pods.part) = ("stable", Set(pods.names).subtracting(part))
            let stable = pods.answer
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                try query.contains("canary") ? canary(query, window, step) : stable(query, window, step)
            }
            try await withDirectory { directory in
                let clock = ManualClock(window.start)
                let harness = try EngineHarness(
                    directory: directory,
                    backEnd: backEnd,
                    clock: clock,
                    plan: SelfCheckWorld.plan()
                )
                try await harness.receive(EngineHarness.event("1"))
                try await harness.run(for: 320)
                let verdict = try #require(harness.topic.verdicts.last)
                try #require(verdict.kind == .final)
                #expect(outcome.name == verdict.result.rawValue)
                if case .fail(let failure) = outcome {
                    #expect(failure.look == verdict.look)
                    #expect(failure.effect == verdict.metrics[0].judgement.sequential?.effect)
                    #expect(failure.evidence == verdict.metrics[0].judgement.reason?.text)
                }
                if case .pass(let look) = outcome { #expect(look == verdict.look) }
                await harness.store.close()
            }
        }
    }

    @Test("A bad pod among the others is no reason to fail what is like the rest")
    func badControl() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let odd = try await world.drawn(SelfCheckPods(track: "canary"))
            clock.advance(by: .seconds(600))
            let other = try #require(SelfCheckPods().names.first { !odd.contains($0) })
            world.backEnd.replace(SelfCheckPods(track: "canary", factor: { $0 == other ? 2 : 1 }).answer)
            #expect(try await world.outcomes.count == 1)
            #expect(world.count("skipped") == 0)
        }
    }

    @Test("What a plan makes of undecided analyses is no false alarm")
    func undecided() async throws {
        let policy = SequentialPolicy(undecided: .fail, minimumRequests: 1e12)
        try await SelfCheckWorld.open(clock, SelfCheckWorld.plan(policy: policy)) { world in
            world.backEnd.replace(SelfCheckPods(track: "stable").answer)
            let outcomes = try await world.outcomes
            #expect(outcomes == [.inconclusive])
            #expect(world.count("inconclusive") == 1)
        }
    }

    @Test("Pods that are noisy and alike are seldom told apart")
    func noise() async throws {
        try await SelfCheckWorld.open(clock) { world in
            var pods = SelfCheckPods(track: "canary")
            // About a normal distribution of half of the mean.
            pods.noise = { pod, step in
                var state = UInt64(
                    bitPattern: step &* 6_364_136_223_846_793_005 &+ Int64(pod) &* 1_442_695_040_888_963_407
                )
                let sum = (0..<4).reduce(0.0) { sum, _ in
                    state = (state ^ (state >> 31)) &* 0x9E37_79B9_7F4A_7C15
                    return sum + Double(state >> 11) / Double(1 << 53)
                }
                return (sum - 2) * 0.87
            }
            world.backEnd.replace(pods.answer)
            let keeper = await world.keeper()
            for _ in 0..<60 {
                clock.advance(by: .seconds(600))
                let outcomes = try await keeper.pass()
                #expect(outcomes.count == 1)
            }
            #expect(world.count("fail") <= 1 && world.count("skipped") == 0)
            #expect(world.count("pass") >= 30)
        }
    }

    // MARK: - Pods

    @Test("After a pass the new version is stable; where it has no series, and after any other end, the control")
    func stableVersion() async throws {
        try await SelfCheckWorld.open(clock) { world in
            try #require(world.harness.topic.verdicts.last?.result == .pass)
            world.backEnd.replace(SelfCheckPods(track: "stable").answer)
            #expect(try await world.outcomes.map(\.name) == ["pass"])
            let queries = world.backEnd.questions.map(\.query).filter { $0.hasPrefix("group") }
            #expect(queries == ["canary", "stable"].map { #"group by (pod) (r{track="\#($0)"})"# })
        }
        let undecided = SequentialPolicy(minimumRequests: 1e12)
        try await SelfCheckWorld.open(clock, SelfCheckWorld.plan(policy: undecided)) { world in
            try #require(world.harness.topic.verdicts.last?.result == .inconclusive)
            _ = try await world.outcomes
            let queries = world.backEnd.questions.map(\.query).filter { $0.hasPrefix("group") }
            #expect(queries == [#"group by (pod) (r{track="stable"})"#])
        }
    }

    @Test("The declared weight is the share of the pods, and no share of the requests is expected")
    func weight() async throws {
        try await SelfCheckWorld.open(clock, weight: 25) { world in
            // Both sides had as many requests: the release did not pass.
            try #require(world.harness.topic.verdicts.last?.result == .inconclusive)
            let part = try await world.drawn(SelfCheckPods(track: "stable"))
            #expect(part.count == 2)
            #expect(world.count("pass") == 1)
        }
    }

    @Test("Two pods are not divided")
    func tooFewPods() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary", names: ["a", "b"]).answer)
            let outcomes = try await world.outcomes
            #expect(outcomes == [.skipped(.tooFewPods)])
            #expect(world.count("skipped") == 1)
            #expect(world.harness.metrics.selfChecks.skipped.value("too_few_pods") == 1)
            #expect(world.harness.metrics.selfChecks.accepted.value() == 0)
        }
    }

    @Test("A metric without the label of the pods has no data: that is said, and fails nothing")
    func noData() async throws {
        var plan = SelfCheckWorld.plan()
        for policy in [NoDataPolicy.hold, .fail] {
            plan.metrics[1].noData = policy
            try await SelfCheckWorld.open(clock, plan) { world in
                let pods = SelfCheckPods(track: "canary").answer
                world.backEnd.replace { query, window, step throws(SamplingFailure) in
                    query.contains("load") ? BackEndAnswer(series: []) : try pods(query, window, step)
                }
                let outcomes = try await world.outcomes
                #expect(outcomes == [.skipped(.noData)])
            }
        }
    }
}
