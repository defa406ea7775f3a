import Analysis
import JSON
import Judging
import Notifications
import StoredFormats
import Testing

/// Verdicts to tell, and what is told.
enum Notified {
    static let time = Timestamp(milliseconds: 1_772_445_600_000)

    /// Names that try to be markup, a header or a mention.
    static let hostile = "<!channel> @here &\"'\\*_`[x](http://evil.example)\r\nBcc: all@example.org"

    static func verdict(
        _ result: JudgementResult = .fail,
        status: VerdictStatus = .completed,
        application: String = "checkout",
        environment: String = "production",
        version: String = "2.4.0",
        reason: String = "errors: 1.8 to 3.1 times those of stable, limit 1.2",
        metrics: Int = 0
    ) -> Verdict {
        var verdict = Verdict(
            id: "s1/3/final",
            session: "s1",
            kind: .final,
            status: status,
            result: result,
            reason: reason,
            nextStep: "roll back",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: application,
                environment: environment,
                version: version
            ),
            plan: "web",
            judge: "NetflixACAJudge-v1.0",
            thresholds: Thresholds(),
            openedAt: time,
            decidedAt: time,
            look: 3,
            looks: 15,
            step: .seconds(60)
        )
        let side = SampleStatistics(count: 12, mean: 3, standardDeviation: 0, minimum: 3, maximum: 3)
        verdict.metrics = (0..<metrics).map { index in
            let judgement = MetricJudgement(
                name: "metric \(index)",
                groups: [],
                classification: index == 2 ? .high : .pass,
                reason: nil,
                control: side,
                experiment: side,
                ratio: 1
            )
            return MetricVerdict(
                judgement: judgement,
                controlQuery: nil,
                experimentQuery: nil,
                held: nil,
                warnings: []
            )
        }
        return verdict
    }

    static func form(_ verdict: Verdict, link: String? = "https://assay.example/sessions/s1") -> NotificationForm {
        NotificationForm(verdict, link: link)
    }

    static func body(
        _ receiver: NotificationReceiver,
        _ form: NotificationForm,
        isResolved: Bool = false,
        secret: String? = nil
    ) throws -> JSONValue {
        let request = try #require(receiver.request(form, isResolved: isResolved, secret: secret))
        return try JSONParser.parse(request.body, maximumDepth: 32)
    }

    /// A template of which it is known that it is one.
    static func template(_ text: String) -> NotificationTemplate {
        guard let template = try? NotificationTemplate(text, escaping: .none) else { preconditionFailure(text) }
        return template
    }
}
