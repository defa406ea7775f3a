import Analysis
import JSON
import Notifications
import StoredFormats
import Testing

@Suite struct AnnotationTextTests {
    private static let link = "https://assay.example/sessions/s1"

    private func interim(_ change: (inout Verdict) -> Void = { _ in }) -> AnnotationForm {
        var verdict = Notified.verdict()
        verdict.kind = .interim
        change(&verdict)
        return AnnotationForm.interim(verdict, deployedAt: verdict.openedAt, link: Self.link)
    }

    @Test func whatAVerdictSays() {
        let form = AnnotationForm.closing(Notified.verdict(), deployedAt: nil, link: Self.link)
        #expect(form.text.hasPrefix("checkout 2.4.0 in production: fail (analysis s1): "))
        #expect(form.text.hasSuffix("\nNext: roll back") && form.link == Self.link)
        #expect(form.tags == ["assay", "app:checkout", "env:production", "verdict:fail"])
        #expect(form.html.hasSuffix("<br><a href=\"\(Self.link)\" target=\"_blank\">Report</a>"))
    }

    @Test func anInterimResultIsNoVerdict() {
        let form = interim()
        #expect(form.tags?.suffix(2) == ["verdict:running", "so-far:fail"] && form.result == nil)
        let held = interim { verdict in
            verdict.hold = Hold(cause: .unreachable, reason: "refused", since: verdict.openedAt)
        }
        #expect(held.tags?.last == "so-far:waiting" && held.text.contains(": so far waiting after look "))
    }

    /// Version 0.1.0 reads the stage, the times, the result and the text. It changes the region of the session for whatever
    /// is closed, and makes an annotation of whatever is opened, with a tag of its result.
    @Test func whatVersion010MakesOfIt() throws {
        let change = try #require(try JSONParser.parse(interim().bytes(), maximumDepth: 8).object)
        #expect(change["stage"] == .string("closed") && change["end"] != nil && change["result"] == nil)
        let action = RolloutAction(
            verdict: Notified.verdict(),
            action: .abort,
            outcome: .done,
            actuator: "webhook",
            reason: "worse",
            at: Notified.time
        )
        let release = DeployEvent(
            identity: EventIdentity(source: "/ci", id: "1"),
            application: "checkout",
            environment: "production",
            version: "2.4.0"
        )
        let form = try #require(AnnotationForm.action(action, about: release, link: nil))
        let point = try #require(try JSONParser.parse(form.bytes(), maximumDepth: 8).object)
        #expect(point["stage"] == .string("opened") && point["result"] == .string("action") && point["end"] == nil)
        for name in ["session", "application", "environment", "version", "start", "text"] {
            #expect(point[name] != nil && change[name] != nil)
        }
    }

    /// Its texts were plain too.
    @Test func aTextOfVersion010IsNoMarkupEither() throws {
        let old =
            #"{"application":"a","environment":"e","session":"s","stage":"opened","start":"2026-03-01T10:00:00.000Z","#
            + #""text":"a <i>1</i> in e","version":"1"}"#
        let form = try AnnotationForm(bytes: Array(old.utf8))
        #expect(form.html == "a &lt;i&gt;1&lt;/i&gt; in e" && form.tags?.last == "verdict:running")
    }

    @Test(arguments: [
        (RolloutAction.Kind.none, RolloutAction.Outcome.done), (.unknown("x"), .done), (.abort, .skipped),
    ])
    func whatIsNoPoint(kind: RolloutAction.Kind, outcome: RolloutAction.Outcome) {
        let verdict = Notified.verdict()
        let action = RolloutAction(
            verdict: verdict,
            action: kind,
            outcome: outcome,
            actuator: "webhook",
            reason: "worse",
            at: Notified.time
        )
        let release = DeployEvent(identity: verdict.deployEvent, application: "a", environment: "e", version: "1")
        #expect(AnnotationForm.action(action, about: release, link: nil) == nil)
    }
}
