import Analysis
import EventFormats
import Foundation
import Judging
import Testing

/// A name that a newer version has made is carried as it is, and never taken for one that is known.
@Suite struct OpenNamesTests {
    private func example(_ name: String, _ changes: [(String, String)]) throws -> CloudEvent {
        let data = try Data(contentsOf: EventDocuments.directory.appending(path: "examples/\(name)"))
        var text = String(decoding: data, as: UTF8.self)
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)")
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        let headers = [EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))]
        return try CloudEventHTTPBinding.decode(headers: headers, body: Array(text.utf8))
    }

    @Test(
        arguments: [
            (#""kind": "final""#, "kind"), (#""status": "completed""#, "status"), (#""result": "fail""#, "result"),
            (#""classification": "High""#, "classification"),
        ]
    )
    func aVerdictIsReadWithThem(_ member: String, _ name: String) throws {
        let event = try example("verdict-final-fail.json", [(member, #""\#(name)": "somethingNew""#)])
        let verdict = try VerdictEvent.decode(event)
        #expect(verdict.result != .pass)
        let again = VerdictEvent.encode(verdict, source: event.source, reportURL: nil)
        #expect(String(decoding: again.data ?? [], as: UTF8.self).contains(#""\#(name)":"somethingNew""#))
    }

    @Test func aHeldVerdictIsReadWithThem() throws {
        let event = try example("verdict-held.json", [(#""held": ""#, #""held": "new-"#)])
        let held = try VerdictEvent.decode(event).metrics.compactMap(\.held)
        #expect(held.contains { !$0.isKnown && $0.rawValue.hasPrefix("new-") })
    }

    /// Its numbers would mean something else than they say here.
    @Test func anEffectOfAnUnknownMeasureIsLeftOut() throws {
        let event = try example(
            "verdict-kayenta-final-fail.json",
            [(#""measure": "meanRatio""#, #""measure": "vibe""#)]
        )
        #expect(try VerdictEvent.decode(event).metrics.contains { $0.judgement.effect == nil })
    }

    @Test func anActionIsReadWithThem() throws {
        let event = try example(
            "rollout-abort.json",
            [(#""action": "abort""#, #""action": "teleport""#), (#""outcome": "done""#, #""outcome": "gone""#)]
        )
        let action = try RolloutEvent.decode(event)
        #expect(action.action == .unknown("teleport") && action.outcome == .unknown("gone"))
    }

    @Test func theCauseOfAnUndecidedVerdictIsPublished() throws {
        let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!
        let verdict = AnalysisSession.rejected(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
        let event = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
        #expect(String(decoding: event.data ?? [], as: UTF8.self).contains(#""cause":"noPlan""#))
        #expect(try VerdictEvent.decode(event).cause == .noPlan)
    }
}
