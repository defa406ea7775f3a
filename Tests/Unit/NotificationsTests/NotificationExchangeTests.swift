import Analysis
import JSON
import Notifications
import StoredFormats
import Testing

/// What is said to receivers that take several requests, against a script of answers.
@Suite struct NotificationExchangeTests {
    private static let commit = String(repeating: "0a", count: 20)

    private static func form(
        _ change: (inout Verdict) -> Void = { _ in },
        link: String? = "https://assay.example/sessions/s1"
    ) -> NotificationForm {
        var verdict = Notified.verdict(metrics: 3)
        verdict.revision = commit
        change(&verdict)
        return Notified.form(verdict, link: link)
    }

    /// Goes through an exchange; what is not in the script is answered with an empty list.
    private func requests(
        _ receiver: NotificationReceiver,
        _ form: NotificationForm = Self.form(),
        _ script: [String: String] = [:]
    ) throws -> [String] {
        var exchange = try #require(receiver.exchange(form))
        var answer: NotificationAnswer?
        var asked: [String] = []
        while let request = try exchange.next(after: answer), asked.count < 100 {
            asked.append("\(request.method.rawValue) \(request.path)")
            kept.all[asked[asked.count - 1]] = request.body
            answer = NotificationAnswer(status: 200, body: Array((script[asked[asked.count - 1]] ?? "[]").utf8))
        }
        return asked
    }

    private final class Bodies {
        var all: [String: [UInt8]] = [:]
    }

    private let kept = Bodies()

    private func body(_ request: String) throws -> JSONObject {
        let bytes = try #require(kept.all[request])
        return try #require(try JSONParser.parse(bytes, maximumDepth: 16).object)
    }

    // MARK: - GitHub deployments

    private static let deployment = NotificationReceiver.githubDeployment(
        url: "https://api.github.com",
        repository: "acme/shop"
    )
    private static let deployments =
        "GET /repos/acme/shop/deployments?sha=\(commit)&environment=prod%2Feu&per_page=1"
    private static let statuses = "GET /repos/acme/shop/deployments/7/statuses?per_page=1"
    private static let status = "POST /repos/acme/shop/deployments/7/statuses"

    @Test(arguments: [
        (NotificationResult.pass, "success"), (.fail, "failure"), (.errored, "error"), (.inconclusive, "error"),
        (.started, "in_progress"),
    ])
    func theNewestDeploymentOfTheCommitGetsAStatus(result: NotificationResult, state: String) throws {
        var form = Self.form { $0.environment = "prod/eu" }
        form.result = result.rawValue
        let asked = try requests(Self.deployment, form, [Self.deployments: #"[{"id": 7}, {"id": 6}]"#])
        #expect(asked == [Self.deployments, Self.statuses, Self.status])
        let status = try body(Self.status)
        #expect(status["state"] == .string(state) && status["auto_inactive"] == .bool(false))
        #expect(status["description"]?.text?.hasPrefix("Assay: Failed: errors") == true)
        #expect(status["log_url"]?.text == form.link)
    }

    @Test func aStatusThatIsThereIsNotWrittenAgain() throws {
        let form = Self.form { $0.environment = "prod/eu" }
        let first = #"[{"id": 7}]"#
        _ = try requests(Self.deployment, form, [Self.deployments: first])
        let written = String(decoding: try #require(kept.all[Self.status]), as: UTF8.self)
        let again = try requests(Self.deployment, form, [Self.deployments: first, Self.statuses: "[\(written)]"])
        #expect(again == [Self.deployments, Self.statuses])
    }

    @Test func whereNothingWasDeployedNothingIsSaid() throws {
        #expect(try requests(Self.deployment).count == 1)
        #expect(Self.deployment.exchange(Self.form { $0.revision = "main" }) == nil)
        #expect(Self.deployment.exchange(Self.form { $0.revision = nil }) == nil)
    }

    // MARK: - GitHub pull requests

    private static let pull = NotificationReceiver.githubPullRequest(
        url: "https://api.github.com",
        repository: "acme/shop",
        label: "assay"
    )
    private static let pulls = "GET /repos/acme/shop/commits/\(commit)/pulls?per_page=1"
    private static func comments(_ page: Int) -> String {
        "GET /repos/acme/shop/issues/12/comments?per_page=50&page=\(page)"
    }
    private static let comment = "POST /repos/acme/shop/issues/12/comments"
    private static let labels = "GET /repos/acme/shop/issues/12/labels?per_page=100"

    @Test func aPullRequestGetsOneCommentAndALabel() throws {
        let script = [
            Self.pulls: #"[{"number": 12}]"#,
            Self.labels: #"[{"name": "bug"}, {"name": "assay: pass"}, {"name": "assay: a/b"}]"#,
        ]
        let asked = try requests(Self.pull, script: script)
        #expect(
            asked == [
                Self.pulls, Self.comments(1), Self.comment, Self.labels, "POST /repos/acme/shop/issues/12/labels",
                "DELETE /repos/acme/shop/issues/12/labels/assay%3A%20a%2Fb",
                "DELETE /repos/acme/shop/issues/12/labels/assay%3A%20pass",
            ]
        )
        #expect(try body("POST /repos/acme/shop/issues/12/labels")["labels"] == .array([.string("assay: fail")]))
        let text = try #require(try body(Self.comment)["body"]?.text)
        #expect(text.hasPrefix("<!-- assay ") && text.contains("### checkout 2.4.0 in production: FAIL"))
        #expect(text.contains("| metric 2 | ") && text.hasSuffix("[Report](<https://assay.example/sessions/s1>)"))
    }

    private func requests(_ receiver: NotificationReceiver, script: [String: String]) throws -> [String] {
        try requests(receiver, Self.form(), script)
    }

    /// However many others there are; who quotes it is another.
    @Test func theCommentIsFoundAgainAndRewritten() throws {
        _ = try requests(Self.pull, script: [Self.pulls: #"[{"number": 12}]"#])
        let ours = try #require(try body(Self.comment)["body"])
        let mark = try #require(ours.text?.split(separator: "\n").first)
        let other = #"{"id": 1, "body": "what does \#(mark) mean?"}"#
        let full = "[\(Array(repeating: other, count: 50).joined(separator: ","))]"
        let asked = try requests(
            Self.pull,
            script: [
                Self.pulls: #"[{"number": 12}]"#, Self.comments(1): full,
                Self.comments(2): #"[{"id": 9, "body": \#(ours.jsonText)}]"#,
                Self.labels: #"[{"name": "assay: fail"}]"#,
            ]
        )
        #expect(
            asked == [
                Self.pulls, Self.comments(1), Self.comments(2), "PATCH /repos/acme/shop/issues/comments/9", Self.labels,
            ]
        )
    }

    /// A place has a comment of its own.
    @Test func environmentsHaveACommentEach() throws {
        var marks: Set<Substring> = []
        for environment in ["production", "staging", "--> <!--"] {
            _ = try requests(Self.pull, Self.form { $0.environment = environment }, [Self.pulls: #"[{"number": 12}]"#])
            marks.formUnion([try #require(try body(Self.comment)["body"]?.text?.split(separator: "\n").first)])
        }
        #expect(marks.count == 3 && marks.allSatisfy { $0.wholeMatch(of: /<!-- assay [0-9a-f]+ -->/) != nil })
    }

    @Test func aNameIsNoMarkupAndCallsNobody() throws {
        let form = Self.form { verdict in
            verdict.application = Notified.hostile
            verdict.reason = Notified.hostile
        }
        _ = try requests(Self.pull, form, [Self.pulls: #"[{"number": 12}]"#])
        let text = try #require(try body(Self.comment)["body"]?.text)
        #expect(!text.contains("@here") && !text.contains("[x](http") && !text.contains("<!channel>"))
    }

    @Test(arguments: ["[]", #"{"message": "No commit found"}"#]) func aCommitWithoutAPullRequestIsToldNowhere(
        answer: String
    ) throws {
        var exchange = try #require(Self.pull.exchange(Self.form()))
        let first = try exchange.next(after: nil)
        #expect(first?.tolerated.contains(422) == true)
        let status = answer == "[]" ? 200 : 422
        #expect(try exchange.next(after: NotificationAnswer(status: status, body: Array(answer.utf8))) == nil)
    }

    @Test(arguments: ["", "{}", "nonsense", "7"]) func whatIsNoListIsTriedAgain(answer: String) throws {
        for receiver in [Self.pull, Self.deployment, Self.sentry] {
            var exchange = try #require(receiver.exchange(Self.form()))
            let bad = NotificationAnswer(status: 200, body: Array(answer.utf8))
            #expect(throws: NotificationExchangeError.self) {
                for _ in 0..<3 { _ = try exchange.next(after: bad) }
            }
        }
    }

    // MARK: - Sentry

    private static let sentry = NotificationReceiver.sentry(
        url: "https://sentry.io",
        SentryRelease(
            organization: "acme",
            projects: ["shop", "web"],
            name: Notified.template("${application}@${version}")
        )
    )
    private static let release = "POST /api/0/organizations/acme/releases/"
    private static let deploys = "/api/0/organizations/acme/releases/checkout%402.4.0/deploys/"

    @Test func aReleaseOfSentryGetsADeployOnce() throws {
        #expect(try requests(Self.sentry) == [Self.release, "GET \(Self.deploys)", "POST \(Self.deploys)"])
        #expect(try body(Self.release)["version"] == .string("checkout@2.4.0"))
        #expect(try body(Self.release)["projects"] == .array([.string("shop"), .string("web")]))
        let deploy = try body("POST \(Self.deploys)")
        #expect(deploy["environment"] == .string("production") && deploy["name"] == .string("Failed (Assay s1)"))
        let known = "[\(JSONValue.object(deploy).jsonText)]"
        #expect(try requests(Self.sentry, script: ["GET \(Self.deploys)": known]).count == 2)
    }

    @Test(arguments: [("a/b\\c d\n", "checkout@a-b-c-d-"), (String(repeating: "v", count: 300), nil)])
    func aVersionIsOneThatSentryTakes(version: String, expected: String?) throws {
        _ = try requests(Self.sentry, Self.form { $0.version = version })
        let name = try #require(try body(Self.release)["version"]?.text)
        #expect(name == expected ?? "checkout@" + String(repeating: "v", count: 191))
    }

    // MARK: - GELF

    @Test func aMessageOfGELFHasItsFields() throws {
        let message = try #require(
            try Notified.body(.gelf(url: "http://graylog:12201/gelf"), Self.form()).object
        )
        #expect(message["version"] == .string("1.1") && message["level"]?.integer == 3)
        #expect(message["short_message"] == .string("checkout 2.4.0 in production: FAIL"))
        #expect(message["_application"] == .string("checkout") && message["_result"] == .string("fail"))
        // GELF keeps it for itself.
        #expect(message["_id"] == nil && message["_cluster"] == nil)
    }

    // MARK: - The start

    @Test func aCommitIsPendingWhileItIsAnalysed() throws {
        var form = Self.form()
        form.result = "started"
        let receiver = NotificationReceiver.github(url: "https://api.github.com", repository: "acme/shop")
        #expect(try Notified.body(receiver, form).object?["state"] == .string("pending"))
    }
}
