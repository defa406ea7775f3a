import Analysis
import Foundation
import FoundationXML
import Judging
import PlanFormats
import Testing

@testable import ReportPages

@Suite("Pages of applications and plans") struct ApplicationPageTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)
    private static let hostile = "\"><script>alert('x')</script>{{{x}}}</table><!-- & 日本語 \u{202E}"

    private static func session(
        _ number: Int,
        _ result: JudgementResult?,
        status: VerdictStatus = .completed,
        environment: String = "production",
        name: String = "shop",
        minutes: Int = 5
    ) -> AnalysisSession {
        let event = DeployEvent(
            identity: EventIdentity(source: "/test", id: "\(number)"),
            application: name,
            environment: environment,
            version: "\(name) \(number)"
        )
        let verdict = result.map { result in
            Verdict(
                id: "v\(number)",
                session: "s\(number)",
                kind: .final,
                status: status,
                result: result,
                reason: name,
                nextStep: name,
                event: event,
                plan: name,
                judge: name,
                thresholds: Thresholds(),
                openedAt: start,
                decidedAt: start + .seconds(60 * minutes),
                look: 1,
                looks: 5,
                step: .seconds(10)
            )
        }
        return AnalysisSession(
            id: "s\(number)",
            event: event,
            plan: AnalysisPlan(
                name: name,
                schedule: AnalysisSchedule(step: .seconds(10), interval: .seconds(60), lifetime: .seconds(300)),
                metrics: [PlannedMetric(name: name, query: "q")]
            ),
            openedAt: start,
            deployedAt: start,
            phase: result == nil ? .sampling : .finished,
            lastLook: 1,
            missedLooks: 0,
            hold: nil,
            holdAttempts: 0,
            lastLookTriedAt: nil,
            finalVerdict: verdict,
            wakeAt: nil
        )
    }

    private func parsed(_ page: String) throws -> XMLDocument {
        try XMLDocument(xmlString: page.replacing("<!DOCTYPE html>", with: ""))
    }

    @Test("How often releases fail, and how long it takes to know, of those that were judged")
    func figures() {
        let figures = ReleaseFigures([
            Self.session(1, nil), Self.session(2, .pass, minutes: 10), Self.session(3, .fail, minutes: 3),
            Self.session(4, .inconclusive, minutes: 60), Self.session(5, .inconclusive, status: .cancelled),
            Self.session(6, .marginal, minutes: 30),
        ])
        #expect(figures.analyses == "the last 6, 1 of them running")
        #expect(figures.failed == "1 of 3 that were judged (33 %)")
        #expect(figures.time == "10 min 0 s (median), 30 min 0 s at most")
        #expect(figures.plans == "shop")
        let none = ReleaseFigures([Self.session(1, nil)])
        #expect(none.failed == "none was judged" && none.time == nil)
    }

    @Test("Each environment has its releases, and a page of its own")
    func environments() throws {
        let sessions = (0..<30).map { Self.session($0, .pass, environment: $0 % 2 == 0 ? "production" : "staging") }
        let page = ApplicationPage.html(sessions, application: "shop", environment: nil, version: "1")
        let document = try parsed(page)
        #expect(try document.nodes(forXPath: "//table").count == 2)
        // Ten of each in the tables, all fifteen in the strips.
        #expect(try document.nodes(forXPath: "//tbody/tr").count == 20)
        #expect(try document.nodes(forXPath: "//ol/li").count == 30)
        #expect(page.contains("<a href=\"/a/shop/staging\">") && !page.contains("<script"))
        let one = ApplicationPage.html(
            sessions.filter { $0.event.environment == "staging" } + [Self.session(99, nil, environment: "staging")],
            application: "shop",
            environment: "staging",
            version: "1"
        )
        #expect(try parsed(one).nodes(forXPath: "//tbody/tr").count == 16)
        // It follows what runs, and says so to its script.
        #expect(one.contains("data-live=\"true\"") && page.contains("data-live=\"false\""))
        #expect(one.contains("data-stream=\"/stream?application=shop&amp;environment=staging\""))
    }

    @Test("Names stay text on the pages of applications and plans")
    func hostile() throws {
        let sessions = [Self.session(1, .fail, environment: Self.hostile, name: Self.hostile)]
        let application = ApplicationPage.html(sessions, application: Self.hostile, environment: nil, version: "1")
        let text = """
            apiVersion: assay.dev/v1
            name: "<script>alert(1)</script>"
            match: {applications: ["<img src=x onerror=alert(1)>"]}
            judge: conditions
            schedule: {step: 10s, interval: 1m, lifetime: 5m}
            metrics:
              - name: "</h3><script>alert(2)</script>"
                query: m{${scope}, a="</code><script>alert(3)</script>"}
                condition: canary <= 2 * control
                groups: ["<b>"]
            """
        let directory = try PlanDirectory(
            plans: try PlanReader().read(text, file: "/srv/secret/<script>.yaml"),
            reader: PlanReader()
        )
        let shelf = PlanShelf(
            directory,
            loadedAt: Self.start,
            refused: PlanFileErrors([PlanFileError(file: "/srv/secret/<script>", problem: Self.hostile)])
        )
        let plan = try #require(PlansPage.html(ofPlan: "<script>alert(1)</script>", shelf, version: "1"))
        for page in [application, PlansPage.html(shelf, version: "1"), plan] {
            let document = try parsed(page)
            #expect(try document.nodes(forXPath: "//script | //img | //b").isEmpty)
            #expect(try document.nodes(forXPath: "//h1 | //main").count == 2)
            #expect(!page.contains("/srv/secret"))
            // It would turn around what stands behind it.
            #expect(!page.contains("\u{202E}"))
            #expect(try document.nodes(forXPath: "//@*[starts-with(name(), 'on')] | //@style").isEmpty)
        }
        #expect(plan.contains("It passes where canary &lt;= 2 * control."))
        #expect(PlansPage.html(ofPlan: "another", shelf, version: "1") == nil)
    }
}
