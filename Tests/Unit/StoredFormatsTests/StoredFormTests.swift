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

    /// A property that a form leaves out would be lost when the analysis is stored.
    @Test func everyPropertyIsKept() throws {
        let session = try SessionForm.read(try #require(StoredFixtures.values("sessions").first))
        let verdict = try VerdictForm.read(try #require(StoredFixtures.values("verdicts").first))
        let metric = try #require(session.plan.metrics.first)
        let judged = try #require(verdict.metrics.first)
        #expect(missing(in: SessionForm(session), of: session) == [])
        #expect(missing(in: DeployEventForm(session.event), of: session.event) == [])
        #expect(missing(in: PlanForm(session.plan), of: session.plan) == [])
        #expect(missing(in: ScheduleForm(session.plan.schedule), of: session.plan.schedule) == [])
        #expect(missing(in: PlannedMetricForm(metric), of: metric) == [])
        #expect(missing(in: PlannedMetricForm(metric).effect, of: metric.effect) == [])
        #expect(missing(in: VerdictForm(verdict), of: verdict) == [])
        #expect(missing(in: MetricVerdictForm(judged), of: judged) == [])
        #expect(missing(in: MetricJudgementForm(judged.judgement), of: judged.judgement) == [])
    }

    private func missing(in form: Any, of value: Any) -> [String] {
        let kept = Set(Mirror(reflecting: form).children.compactMap(\.label))
        return Mirror(reflecting: value).children.compactMap(\.label).filter { !kept.contains($0) }
    }
}
