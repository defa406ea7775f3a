import Judging
import Testing

@testable import Analysis

@Suite("The reason of a verdict by the sequential judge")
struct SequentialSummaryTests {
    private static func metric(
        _ name: String,
        _ classification: MetricClassification,
        harm: Double = 0,
        critical: Bool = false,
        muted: Bool = false
    ) -> MetricJudgement {
        MetricJudgement(
            name: name,
            groups: [],
            classification: classification,
            reason: MetricReason("\(name) as it is"),
            criticalFailure: critical,
            muted: muted,
            control: .empty,
            experiment: .empty,
            evidence: .sequential(
                SequentialEvidence(
                    comparison: .counts,
                    margin: 1.02,
                    harmEvidence: harm,
                    harmThreshold: 3,
                    safetyEvidence: 0,
                    safetyThreshold: 3,
                    noise: NoiseEvidence(source: .measured, dispersion: 1),
                    units: 1
                )
            )
        )
    }

    private static func judgement(
        _ result: JudgementResult,
        reason: String = "",
        _ metrics: [MetricJudgement]
    ) -> Judgement {
        Judgement(judge: "sequential", result: result, score: 50, reason: reason, groups: [], metrics: metrics)
    }

    private static func summary(
        _ result: JudgementResult,
        reason: String = "",
        _ metrics: MetricJudgement...
    ) -> String {
        judgement(result, reason: reason, metrics).summary(Thresholds(pass: 95, marginal: 75))
    }

    @Test("A failure begins with what failed, critical metrics first, and names no score")
    func fail() {
        let text = Self.summary(
            .fail,
            Self.metric("a", .high, harm: 4),
            Self.metric("b", .pass),
            Self.metric("c", .low, harm: 3, critical: true),
            Self.metric("d", .undecided, harm: 2),
            Self.metric("e", .high, harm: 9, muted: true)
        )
        #expect(text == "c as it is; a as it is")
    }

    @Test("A pass says so, and what it rests on")
    func pass() {
        let metrics = (1...5).map { Self.metric("m\($0)", .pass) }
        #expect(
            Self.judgement(.pass, metrics).summary(Thresholds(pass: 95, marginal: 75))
                == "no harm: m1 as it is; m2 as it is; m3 as it is; and 2 more"
        )
    }

    @Test("What is undecided begins with what points to harm most")
    func undecided() {
        #expect(
            Self.summary(
                .inconclusive,
                Self.metric("a", .undecided, harm: -1),
                Self.metric("b", .pass),
                Self.metric("c", .undecided, harm: 2)
            ) == "undecided so far: c as it is; a as it is"
        )
        #expect(Self.summary(.inconclusive, Self.metric("b", .pass)) == "undecided so far")
        #expect(
            Self.summary(.inconclusive, reason: "No metric counts.", Self.metric("a", .pass, muted: true))
                == "undecided so far: No metric counts"
        )
        var idle = Self.metric("a", .undecided)
        idle.evidence = .none
        idle.reason = "a: nothing to compare"
        #expect(
            Self.summary(.inconclusive, reason: "No metric counts.", idle)
                == "undecided so far: a: nothing to compare; No metric counts"
        )
    }

    @Test("At the end the plan's answer comes first, once", arguments: SequentialPolicy.Undecided.allCases)
    func ending(policy: SequentialPolicy.Undecided) {
        var plan = AnalysisPlan(
            name: "p",
            scopes: PlanScopes(control: .labels([:]), experiment: [:]),
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
            metrics: [PlannedMetric(name: "a", query: "up")]
        )
        plan.sequential.undecided = policy
        let ending = Self.judgement(.inconclusive, [Self.metric("a", .undecided)]).ending(plan)
        let expected =
            switch policy {
            case .inconclusive: "undecided at the end of the analysis: a as it is"
            case .pass: "no harm was found, and none ruled out; the plan passes what is undecided: a as it is"
            case .fail: "undecided at the end of the analysis, which the plan fails: a as it is"
            }
        #expect(ending.reason == expected)
    }

    @Test(
        "What holds a signal back holds no release back beside others",
        arguments: [MetricRole.signal, .guardrail, .info]
    )
    func heldSignal(role: MetricRole) {
        var plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
            metrics: ["a", "b"].map { PlannedMetric(name: $0, query: "up") }
        )
        plan.sequential.undecided = .pass
        plan.metrics[1].role = role
        func held(_ change: (inout SequentialEvidence) -> Void) -> Judgement {
            var metric = Self.metric("b", .undecided, muted: role == .info)
            guard var evidence = metric.sequential else { return Self.judgement(.inconclusive, []) }
            change(&evidence)
            metric.evidence = .sequential(evidence)
            return Self.judgement(.inconclusive, [Self.metric("a", .undecided), metric])
        }
        let all = [
            held { $0.split = SplitEvidence(declared: 0.1, seen: 0.3, isWrong: true) },
            held { $0.environment = EnvironmentEvidence(ratio: 5, experimentRatio: 4, isDegraded: true) },
            held { $0.pods = PodsEvidence(control: 3, experiment: 3, spread: 0, isAssumed: false, treatment: .held) },
        ]
        for judgement in all {
            #expect(judgement.ending(plan).result == (role == .guardrail ? .inconclusive : .pass))
            #expect(
                (judgement.undecidedCause(by: plan) == .environmentDegraded)
                    == (role == .guardrail && judgement == all[1])
            )
        }
        // Signals alone are all there is.
        plan.metrics[0].role = .signal
        #expect(role == .info || all.allSatisfy { $0.ending(plan).result == .inconclusive })
    }

    @Test("What is undecided passes by nothing that a pass waits for and that was not compared up to the end")
    func notCompared() {
        var plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
            metrics: ["a", "b"].map { PlannedMetric(name: $0, query: "up") }
        )
        plan.sequential.undecided = .pass
        func ending(_ role: MetricRole, _ change: (inout MetricJudgement) -> Void) -> (JudgementResult, UndecidedCause)
        {
            plan.metrics[0].role = role
            var metric = Self.metric("a", .undecided)
            change(&metric)
            let judgement = Self.judgement(.inconclusive, [metric, Self.metric("b", .undecided)])
            return (judgement.ending(plan).result, judgement.undecidedCause(by: plan))
        }
        for role in [MetricRole.critical, .guardrail] {
            #expect(ending(role) { _ in } == (.pass, .judge))
            #expect(ending(role) { $0.telemetry = .experimentWithoutTraffic } == (.inconclusive, .noTraffic))
            #expect(ending(role) { $0.telemetry = .controlWithoutTraffic } == (.inconclusive, .noTraffic))
            #expect(ending(role) { $0.decidesNothing = true } == (.inconclusive, .judge))
            #expect(ending(role) { $0.evidence = .none } == (.inconclusive, .judge))
        }
        #expect(ending(.signal) { $0.telemetry = .experimentWithoutTraffic } == (.pass, .judge))
        #expect(ending(.signal) { $0.decidesNothing = true } == (.pass, .judge))
        // What may be left out is not all that a pass rests on.
        plan.metrics[1].role = .signal
        let leftOut = ending(.critical) {
            $0.evidence = .none
            $0.classification = .nodata
        }
        #expect(leftOut == (.inconclusive, .judge))
    }

    @Test("Where nothing was compared there is no data") func nothingCompared() {
        let plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
            metrics: [PlannedMetric(name: "a", query: "up")]
        )
        var idle = Self.metric("a", .undecided)
        #expect(Self.judgement(.inconclusive, [idle]).undecidedCause(by: plan) == .judge)
        idle.evidence = .none
        #expect(Self.judgement(.inconclusive, [idle]).undecidedCause(by: plan) == .noData)
        idle.telemetry = .experimentWithoutTraffic
        #expect(Self.judgement(.inconclusive, [idle]).undecidedCause(by: plan) == .noTraffic)
    }

    @Test("Harm since a step is harm since the instant before its sample")
    func since() {
        guard case .sequential(var evidence) = Self.metric("a", .high).evidence else { return }
        let start = Timestamp(milliseconds: 1_000_000)
        #expect(evidence.since(start: start, step: .seconds(15)) == nil)
        evidence.since = 0
        #expect(evidence.since(start: start, step: .seconds(15)) == start)
        evidence.since = 8
        #expect(evidence.since(start: start, step: .seconds(15)) == start + .seconds(120))
        evidence.since = .max
        #expect(evidence.since(start: start, step: .seconds(15)) == nil)
        evidence.since = -1
        #expect(evidence.since(start: start, step: .seconds(15)) == nil)
    }

    @Test("The windows of a judge that counts each sample once begin with the analysis, whatever the plan says")
    func windows() {
        var plan = AnalysisPlan(
            name: "p",
            scopes: PlanScopes(control: .labels([:]), experiment: [:]),
            schedule: AnalysisSchedule(
                step: .seconds(15),
                interval: .seconds(60),
                lifetime: .seconds(600),
                window: .sliding(.seconds(120))
            ),
            metrics: []
        )
        let start = Timestamp(milliseconds: 0)
        #expect(LookSchedule(plan.judgedSchedule, deployedAt: start).look(5).window.duration == .seconds(120))
        plan.judge = AnalysisPlan.sequentialJudge
        #expect(LookSchedule(plan.judgedSchedule, deployedAt: start).look(5).window.duration == .seconds(300))
    }
}
