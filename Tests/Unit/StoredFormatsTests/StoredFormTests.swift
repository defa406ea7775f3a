import Analysis
import Foundation
import Judging
import StoredFixtures
import Testing

@testable import StoredFormats

@Suite struct StoredFormTests {
    private func changed(_ name: String, _ old: String, _ new: String) throws -> Data {
        let lines = try StoredFixtures.values(name).map { String(decoding: $0, as: UTF8.self) }
        let line = try #require(lines.first { $0.contains(old) })
        return Data(line.replacing(old, with: new, maxReplacements: 1).utf8)
    }

    @Test func aNewerFormIsToldFromADamagedOne() throws {
        let newer = try changed("sessions", #"{"deployedAt""#, #"{"form":99,"deployedAt""#)
        #expect(throws: FormError(newer: 99, than: 2, of: "analysis")) { try SessionForm.read(newer) }
        // Also where its shape has changed.
        #expect(throws: FormError(newer: 7, than: 2, of: "analysis")) {
            try SessionForm.read(Data(#"{"form":7}"#.utf8))
        }
        #expect(throws: FormError(.malformed, "the stored verdict cannot be read: id is missing")) {
            try VerdictForm.read(Data("{}".utf8))
        }
        #expect(throws: FormError.self) { try SessionForm.read(Data([0])) }
    }

    @Test func anAnalysisOfAPastWindowIsKept() throws {
        let session = try SessionForm.read(try #require(StoredFixtures.values("sessions").first))
        let verdicts = try StoredFixtures.values("verdicts").prefix(2).map { try VerdictForm.read($0) }
        let transition = SessionTransition(
            session: session.id,
            at: session.openedAt,
            replica: "a",
            cause: .looked,
            from: .sampling,
            to: .sampling,
            look: 1,
            reason: "r",
            result: .pass
        )
        let past = PastAnalysis(
            session: session,
            controlLag: .seconds(-600),
            verdicts: Array(verdicts),
            transitions: [transition]
        )
        let kept = try PastAnalysisForm.write(past)
        #expect(try PastAnalysisForm.read(kept) == past)
        let text = String(decoding: kept, as: UTF8.self)
        #expect(text.contains(#""form":1"#))
        // Of itself, and of the analysis in it.
        let newer = text.replacing(#""form":1"#, with: #""form":9"#)
        #expect(throws: FormError(newer: 9, than: 1, of: PastAnalysisForm.name)) {
            try PastAnalysisForm.read(Data(newer.utf8))
        }
        let inner = text.replacing(#""session":{"deployedAt""#, with: #""session":{"form":9,"deployedAt""#)
            .replacing(#""form":2,"hold""#, with: #""hold""#)
        #expect(throws: FormError.self) { try PastAnalysisForm.read(Data(inner.utf8)) }
    }

    @Test func theErrorSaysWhereItIs() throws {
        let damaged = try changed("sessions", #""step":["#, #""step":[true,"#)
        do {
            _ = try SessionForm.read(damaged)
            Issue.record("it was read")
        } catch {
            #expect(error.message.hasPrefix("the stored analysis cannot be read: ") && error.message.contains("step"))
        }
    }

    @Test(
        arguments: [
            (#""phase":"sampling""#, #""phase":"pondering""#), (#""noData":"hold""#, #""noData":"guess""#),
            (#""failFast":"onFail""#, #""failFast":"onFriday""#), (#"{"growing":{}}"#, "{}"),
            (#""marginal":"canary"#, #""marginal":"?canary"#),
        ]
    )
    func whatDecidesAnAnalysisMustBeKnown(_ old: String, _ new: String) throws {
        #expect(throws: FormError.self) { try SessionForm.read(changed("sessions", old, new)) }
    }

    /// A step of an analysis decides nothing: a phase of a newer version is only said.
    @Test(arguments: ["from", "to", "cause"])
    func theNamesInATransitionAreCarried(_ member: String) throws {
        let names = #""cause":"looked","from":"sampling","to":"sampling""#
        let text = #"{"at":"2026-03-01T10:00:00.000Z",\#(names),"look":1,"reason":"r","replica":"a","session":"s"}"#
        let known = member == "cause" ? "looked" : "sampling"
        let changed = text.replacing(#""\#(member)":"\#(known)""#, with: #""\#(member)":"pondering""#)
        #expect(changed != text)
        let kept = try TransitionForm.write(TransitionForm.read(Data(changed.utf8)))
        #expect(String(decoding: kept, as: UTF8.self).contains(#""\#(member)":"pondering""#))
    }

    @Test(
        arguments: [
            (#""result":"pass""#, "result"), (#""status":"completed""#, "status"), (#""kind":"interim""#, "kind"),
            (#""classification":"Pass""#, "classification"), (#""held":"noData""#, "held"),
            (#""cause":"noData""#, "cause"),
        ]
    )
    func whatIsOnlySaidIsCarried(_ old: String, _ member: String) throws {
        let new = #""\#(member)":"somethingNew""#
        let kept = try VerdictForm.write(VerdictForm.read(changed("verdicts", old, new)))
        #expect(String(decoding: kept, as: UTF8.self).contains(new))
    }

    @Test func theLabelThatCountsAreToldApartByIsKept() throws {
        var plan = try SessionForm.read(try #require(StoredFixtures.values("sessions").first)).plan
        plan.metrics[0].breakdown = Breakdown(.pods(PodRule()), label: "pod", events: "e", requests: "r")
        let kept = try PlanForm.write(plan)
        #expect(try PlanForm.read(kept) == plan)
        let other = String(decoding: kept, as: UTF8.self).replacing(#""purpose":"pods""#, with: #""purpose":"moods""#)
        #expect(throws: FormError.self) { try PlanForm.read(Data(other.utf8)) }
    }

    @Test func strataAreKept() throws {
        var plan = try SessionForm.read(try #require(StoredFixtures.values("sessions").first)).plan
        plan.metrics[0].breakdown = Breakdown(.strata, label: "route", events: "e", requests: "r")
        #expect(try PlanForm.read(PlanForm.write(plan)) == plan)
    }

    @Test func whatIsNewIsKept() throws {
        var plan = try SessionForm.read(try #require(StoredFixtures.values("sessions").first)).plan
        let rule = NewValuesRule(label: "code", atLeast: 7, policy: .fail)
        plan.metrics[0].newValues = NewValues(rule, events: "sum by (code) (e)")
        let kept = try PlanForm.write(plan)
        #expect(try PlanForm.read(kept) == plan)
        let other = String(decoding: kept, as: UTF8.self).replacing(#""policy":"fail""#, with: #""policy":"most""#)
        #expect(throws: FormError.self) { try PlanForm.read(Data(other.utf8)) }
    }

    /// What events may do with a plan is kept; of a name that this version does not know the narrowest is meant.
    @Test func permissionsAreNeverWiderThanWritten() throws {
        var plan = try SessionForm.read(try #require(StoredFixtures.values("sessions").first)).plan
        #expect(plan.events == EventPermissions())
        plan.events = EventPermissions(labels: .replace, releases: .any)
        let kept = try PlanForm.write(plan)
        #expect(try PlanForm.read(kept).events == plan.events)
        let text = String(decoding: kept, as: UTF8.self)
        let newer = text.replacing(#""labels":"replace""#, with: #""labels":"most""#)
            .replacing(#""releases":"any""#, with: #""releases":"most""#)
        #expect(
            try PlanForm.read(Data(newer.utf8)).events == EventPermissions(labels: .fixed, releases: .matching)
        )
    }

    /// A property that a form leaves out would be lost when the analysis is stored.
    @Test func everyPropertyIsKept() throws {
        let session = try SessionForm.read(try #require(StoredFixtures.values("sessions").first))
        let verdict = try VerdictForm.read(try #require(StoredFixtures.values("verdicts").first))
        let metric = try #require(session.plan.metrics.first)
        let judged = try #require(verdict.metrics.first)
        #expect(missing(in: SessionForm(session), of: session) == [])
        let timeline = try SharedTimelineForm.read(try #require(StoredFixtures.values("timelines").first))
        let entry = try #require(timeline.all.newest)
        #expect(missing(in: ReleaseTimelineForm(timeline.all), of: timeline.all) == [])
        #expect(missing(in: ReleaseTimelineForm.Entry(entry), of: entry) == [])
        #expect(missing(in: DeployEventForm(session.event), of: session.event) == [])
        #expect(missing(in: PlanForm(session.plan), of: session.plan) == [])
        #expect(missing(in: ScheduleForm(session.plan.schedule), of: session.plan.schedule) == [])
        #expect(missing(in: PlannedMetricForm(metric), of: metric) == [])
        #expect(missing(in: PlannedMetricForm(metric).effect, of: metric.effect) == [])
        #expect(missing(in: VerdictForm(verdict), of: verdict) == [])
        #expect(missing(in: MetricVerdictForm(judged), of: judged) == [])
        // Its parts stand beside the rest.
        #expect(missing(in: MetricJudgementForm(judged.judgement), of: judged.judgement) == ["evidence"])
        #expect(missing(in: SequentialForm(Self.sequential), of: Self.sequential) == [])
    }

    private static let sequential = SequentialEvidence(
        comparison: .latency,
        effect: RatioEstimate(estimate: 1.5, lower: 0.5, upper: 32, confidence: 0.95),
        margin: 1.25,
        harm: 1.5,
        harmEvidence: 1,
        harmThreshold: 3,
        safetyEvidence: 2,
        safetyThreshold: 3.5,
        noise: NoiseEvidence(source: .kept, dispersion: 1.5, historyUnits: 120, learnedAt: 1_700_000_000_000),
        units: 7,
        stepsPerUnit: 4,
        skippedUnits: 1,
        lateSamples: 2,
        control: ExposureTotals(events: 3.5, requests: 1000),
        experiment: ExposureTotals(events: 1, requests: 100),
        since: 4,
        neededUnits: 2.5,
        neededLooks: 3,
        bounds: [
            BoundEvidence(
                bound: 0.25,
                control: ExposureTotals(events: 3.5, requests: 1000),
                experiment: ExposureTotals(events: 1, requests: 100),
                effect: RatioEstimate(estimate: 1, lower: 0.25, upper: 4, confidence: 0.95),
                harmEvidence: 0.5
            )
        ],
        ruledOutRate: 0.001,
        split: SplitEvidence(declared: 0.1, seen: 0.148, isWrong: true),
        pods: PodsEvidence(
            control: 12,
            experiment: 4,
            spread: 0.125,
            isAssumed: true,
            outliers: [
                PodOutlier(pod: "api-7d", ratio: 9.125, totals: ExposureTotals(events: 41.5, requests: 900)),
                PodOutlier(pod: "api-8e", ratio: nil, totals: ExposureTotals(events: 7, requests: 800)),
            ],
            treatment: .held
        ),
        limits: ["l"]
    )

    @Test("The evidence of the sequential judge comes back")
    func sequentialEvidence() throws {
        let kept = try JSONEncoder().encode(SequentialForm(Self.sequential))
        #expect(try JSONDecoder().decode(SequentialForm.self, from: kept).value == Self.sequential)
        // A unit of one step is not written: evidence that was stored without the member is of such units.
        var plain = Self.sequential
        plain.stepsPerUnit = 1
        plain.neededLooks = nil
        let text = String(decoding: try JSONEncoder().encode(SequentialForm(plain)), as: UTF8.self)
        #expect(!text.contains("stepsPerUnit") && !text.contains("neededLooks"))
        #expect(SequentialForm(plain).value == plain)
    }

    @Test("What can be found and how the effect went come back, and are absent where they are not known")
    func course() throws {
        let verdict = try VerdictForm.read(try #require(StoredFixtures.values("verdicts").first))
        var metric = try #require(verdict.metrics.first)
        func stored() throws -> Data { try JSONEncoder().encode(MetricVerdictForm(metric)) }
        let text = String(decoding: try stored(), as: UTF8.self)
        #expect(!text.contains("outlook") && !text.contains("trail"))
        metric.outlook = "×2 visible"
        metric.trail = [EffectPoint(look: 3, ratio: 2, lower: 1, upper: 4, evidence: 1.5)]
        #expect(try JSONDecoder().decode(MetricVerdictForm.self, from: stored()).value() == metric)
    }

    private func missing(in form: Any, of value: Any) -> [String] {
        let kept = Set(Mirror(reflecting: form).children.compactMap(\.label))
        return Mirror(reflecting: value).children.compactMap(\.label).filter { !kept.contains($0) }
    }
}
