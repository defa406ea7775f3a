import Analysis
import JSON
import Judging
import Notifications
import StoredFormats
import Testing

@Suite struct ReceiverTests {
    @Test func slackGetsOneAttachmentThatIsNoMarkup() throws {
        let message = try Notified.body(.slack, Notified.form(Notified.verdict(metrics: 3)))
        let attachment = try #require(message.object?["attachments"]?.elements?.first?.object)
        #expect(attachment["title"]?.text == "checkout 2.4.0 in production: FAIL")
        #expect(attachment["title_link"]?.text == "https://assay.example/sessions/s1")
        #expect(attachment["color"]?.text == "#c62828")
        #expect(attachment["text"]?.text?.hasSuffix("limit 1.2\nNext: roll back") == true)
        // What fails comes first.
        #expect(attachment["fields"]?.elements?.first?.object?["title"]?.text == "metric 2")
        #expect(message.object?["mrkdwn"]?.boolean == false && attachment["mrkdwn_in"]?.elements?.isEmpty == true)
    }

    @Test func aHostileNameCallsNobodyInSlack() throws {
        let verdict = Notified.verdict(application: Notified.hostile, reason: Notified.hostile)
        let request = try #require(
            NotificationReceiver.slack.request(Notified.form(verdict), isResolved: false, secret: nil)
        )
        let text = String(decoding: request.body, as: UTF8.self)
        #expect(!text.contains("<!channel>") && !text.contains("@here") && text.contains("&lt;!channel&gt;"))
        _ = try JSONParser.parse(request.body, maximumDepth: 32)
    }

    @Test func teamsGetsACardOfPlainRuns() throws {
        let form = Notified.form(Notified.verdict(application: Notified.hostile, metrics: 14))
        let message = try Notified.body(.teams, form)
        let attachment = try #require(message.object?["attachments"]?.elements?.first?.object)
        #expect(attachment["contentType"]?.text == "application/vnd.microsoft.card.adaptive")
        let card = try #require(attachment["content"]?.object)
        let blocks = try #require(card["body"]?.elements)
        // A text block would be read as Markdown.
        #expect(blocks.allSatisfy { $0.object?["type"]?.text == "RichTextBlock" })
        let texts = blocks.compactMap { $0.object?["inlines"]?.elements?.first?.object?["text"]?.text }
        #expect(texts.first == form.title && texts.last == "and 4 more metrics" && texts.count == 14)
        #expect(card["actions"]?.elements?.first?.object?["url"]?.text == form.link)
    }

    @Test func anAlertIsKnownByItsPlaceAndResolvedByTheSameLabels() throws {
        let receiver = NotificationReceiver.alertmanager(url: "http://am", lasts: .seconds(3600))
        let failed = try Notified.body(receiver, Notified.form(Notified.verdict()))
        let firing = try #require(failed.elements?.first?.object)
        #expect(failed.elements?.count == 1)
        #expect(firing["startsAt"]?.text == Notified.time.rfc3339)
        #expect(firing["endsAt"]?.text == (Notified.time + .seconds(3600)).rfc3339)
        #expect(firing["annotations"]?.object?["version"]?.text == "2.4.0")
        let passed = try Notified.body(
            receiver,
            Notified.form(Notified.verdict(.pass, version: "2.4.1")),
            isResolved: true
        )
        let resolved = try #require(passed.elements)
        #expect(resolved.contains { $0.object?["labels"] == firing["labels"] })
        #expect(resolved.allSatisfy { $0.object?["endsAt"]?.text == Notified.time.rfc3339 })
    }

    @Test func anIncidentIsOpenedAndResolvedByOneKey() throws {
        let receiver = NotificationReceiver.pagerduty(url: "https://events.pagerduty.com/v2/enqueue")
        let form = Notified.form(Notified.verdict())
        let trigger = try #require(try Notified.body(receiver, form, secret: "R0UT").object)
        let resolve = try #require(
            try Notified.body(
                receiver,
                Notified.form(Notified.verdict(.pass, version: "2.5")),
                isResolved: true,
                secret: "R0UT"
            ).object
        )
        #expect(trigger["routing_key"]?.text == "R0UT" && trigger["event_action"]?.text == "trigger")
        #expect(trigger["dedup_key"]?.text == "assay/checkout/production")
        #expect(trigger["payload"]?.object?["severity"]?.text == "critical")
        #expect(trigger["client_url"]?.text == form.link)
        #expect(resolve["event_action"]?.text == "resolve" && resolve["dedup_key"] == trigger["dedup_key"])
        #expect(resolve["payload"] == nil)
    }

    @Test func aKeyThatIsTooLongIsHashed() throws {
        let receiver = NotificationReceiver.pagerduty(url: "https://events.pagerduty.com/v2/enqueue")
        let keys = try ["a", "b"].map { name in
            let form = Notified.form(Notified.verdict(application: String(repeating: name, count: 300)))
            return try Notified.body(receiver, form, secret: "k").object?["dedup_key"]?.text ?? ""
        }
        #expect(keys[0] != keys[1] && keys.allSatisfy { $0.count < 255 && $0.hasPrefix("assay/") })
    }

    @Test func aCommitGetsAStatusForItsEnvironment() throws {
        let receiver = NotificationReceiver.github(url: "https://api.github.com", repository: "acme/shop")
        let commit = String(repeating: "0a", count: 20)
        var verdict = Notified.verdict()
        verdict.revision = commit
        let request = try #require(receiver.request(Notified.form(verdict), isResolved: false, secret: nil))
        #expect(request.path == "/repos/acme/shop/statuses/\(commit)")
        let status = try JSONParser.parse(request.body, maximumDepth: 8).object
        #expect(status?["state"]?.text == "failure" && status?["context"]?.text == "assay/production")
        #expect(status?["target_url"]?.text == "https://assay.example/sessions/s1")
        #expect(status?["description"]?.text?.hasPrefix("Failed: errors") == true)
        for result in [JudgementResult.marginal, .inconclusive] {
            verdict.result = result
            #expect(try Notified.body(receiver, Notified.form(verdict)).object?["state"]?.text == "error")
        }
    }

    /// The revision comes from an event, and becomes a part of a path.
    @Test(arguments: [nil, "", "main", "../../other/repo/statuses/0a", String(repeating: "0a", count: 20) + "?x", "0A"])
    func whatIsNoCommitIsNotPosted(revision: String?) {
        let receiver = NotificationReceiver.github(url: "https://api.github.com", repository: "acme/shop")
        var verdict = Notified.verdict()
        verdict.revision = revision
        #expect(receiver.request(Notified.form(verdict), isResolved: false, secret: nil) == nil)
        #expect(!NotificationDestination(name: "commits", receiver: receiver).takes(verdict))
    }

    @Test func whatIsTooLongIsCut() throws {
        let long = String(repeating: "long ", count: 100_000)
        let form = Notified.form(Notified.verdict(application: String(long.prefix(250)), reason: long, metrics: 500))
        #expect(try form.bytes().count < 32_000)
        #expect(form.metrics.count == 10 && form.furtherMetrics == 490)
        for receiver in [NotificationReceiver.slack, .teams] {
            let request = try #require(receiver.request(form, isResolved: false, secret: nil))
            #expect(request.body.count < 28_000)
        }
    }

    @Test func aStoredNotificationReadsBack() throws {
        let form = Notified.form(Notified.verdict(metrics: 2))
        #expect(try NotificationForm(bytes: form.bytes()) == form)
        #expect(throws: FormError.self) { try NotificationForm(bytes: Array("{\"form\": 99}".utf8)) }
    }
}
