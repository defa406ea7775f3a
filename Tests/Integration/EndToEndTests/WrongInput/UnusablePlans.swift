import Analysis
import Judging
import Testing

/// Plans that are missing or that Prometheus cannot answer: a pipeline that waits for the verdict gets the reason.
struct UnusablePlans: Sendable {
    struct Case: Sendable {
        var event: TestEvent
        var status: VerdictStatus
        var result: JudgementResult = .inconclusive
        var reason: String
    }

    static let cases = [
        Case(event: TestEvent(application: "stranger"), status: .errored, reason: "no plan: "),
        Case(
            event: TestEvent(application: "good", version: "1.0.1", more: #","planName":"missing""#),
            status: .errored,
            reason: "missing"
        ),
        Case(event: TestEvent(application: "syntax"), status: .errored, reason: "parse error"),
        Case(event: TestEvent(application: "empty"), status: .completed, reason: "no samples"),
        Case(event: TestEvent(application: "nan"), status: .completed, reason: "no samples"),
        Case(event: TestEvent(application: "several"), status: .errored, reason: "2 series where one is meant"),
        Case(event: TestEvent(application: "slow"), status: .completed, result: .fail, reason: "load"),
    ]

    let kcat: Kcat
    let verdicts: TopicFollower

    func check() async throws {
        for `case` in Self.cases { try await kcat.sendBinary(`case`.event) }
        for `case` in Self.cases {
            let (application, version) = (`case`.event.application, `case`.event.version)
            let verdict = try await verdicts.finalVerdict(on: application, version)
            #expect(verdict.status == `case`.status, "\(application): \(verdict.reason)")
            #expect(verdict.result == `case`.result, "\(application): \(verdict.reason)")
            #expect(verdict.reason.contains(`case`.reason), "\(application): \(verdict.reason)")
            #expect(verdict.deployEvent.id == `case`.event.id)
        }
    }
}
