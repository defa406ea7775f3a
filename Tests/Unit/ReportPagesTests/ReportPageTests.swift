import Analysis
import Foundation
import FoundationXML
import Judging
import Reports
import Testing

@testable import ReportPages

@Suite("Pages") struct ReportPageTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)
    /// Ends tags, attributes and comments, and is long.
    private static let hostile =
        "\"><script>alert('x')</script><!-- & 日本語 Größe \u{202E}" + String(repeating: "n", count: 200)

    private static func side(_ mean: Double) -> SampleStatistics {
        SampleStatistics(count: 8, mean: mean, standardDeviation: 1, minimum: 0, maximum: 2 * mean)
    }

    private static func metric(_ name: String, _ number: Int = 0) -> MetricVerdict {
        let classifications = MetricClassification.allCases
        return MetricVerdict(
            judgement: MetricJudgement(
                name: name,
                groups: [name],
                classification: classifications[number % classifications.count],
                reason: MetricReason(name),
                control: side(1),
                experiment: side(Double(number % 7)),
                ratio: Double(number % 7),
                evidence: .mannWhitney(
                    MannWhitneyEvidence(
                        effect: nil,
                        shift: ShiftInterval(lower: -1, upper: 4, estimate: 1, confidence: 0.98, bound: 0.2)
                    )
                )
            ),
            controlQuery: name,
            experimentQuery: name,
            experimentQueries: [name, "\(name) of all"],
            held: number % 11 == 10 ? .noData : nil,
            warnings: [name]
        )
    }

    private static func block(_ metric: Int, _ side: Side, _ steps: Int) -> SampleBlock {
        let offset: Double = side == .control ? 0 : 1
        let values = (0..<steps).map { step -> Double in step % 9 == 3 ? .nan : Double(step % 5) + offset }
        return SampleBlock(session: "s", metric: metric, side: side, first: start, step: .seconds(10), values: values)
    }

    private static func record(
        metrics: Int = 1,
        result: JudgementResult? = .fail,
        hold: Hold? = nil,
        name: String = hostile,
        steps: Int = 30
    ) -> AnalysisRecord {
        let event = DeployEvent(
            identity: EventIdentity(source: "/test", id: name),
            application: name,
            environment: name,
            version: name
        )
        let verdict = Verdict(
            id: "v",
            session: "s",
            kind: .final,
            status: .completed,
            result: result ?? .pass,
            score: 50,
            reason: name,
            nextStep: name,
            event: event,
            plan: name,
            judge: name,
            thresholds: Thresholds(),
            openedAt: start,
            decidedAt: start + .seconds(50),
            look: 3,
            looks: 5,
            window: TimeWindow(start: start, end: start + .seconds(300)),
            step: .seconds(10),
            groups: [GroupScore(name: name, score: 1, weight: 2, noData: false)],
            metrics: (0..<metrics).map { Self.metric("\(name)\($0)", $0) },
            warnings: [name]
        )
        let session = AnalysisSession(
            id: "s",
            event: event,
            plan: AnalysisPlan(
                name: name,
                schedule: AnalysisSchedule(step: .seconds(10), interval: .seconds(60), lifetime: .seconds(300)),
                metrics: (0..<metrics).map { PlannedMetric(name: "\(name)\($0)", query: "q") }
            ),
            openedAt: start,
            deployedAt: start,
            phase: result == nil ? .sampling : .finished,
            lastLook: 2,
            missedLooks: 0,
            hold: hold,
            holdAttempts: 0,
            lastLookTriedAt: nil,
            finalVerdict: result == nil ? nil : verdict,
            wakeAt: nil
        )
        let transition = SessionTransition(
            session: "s",
            at: start,
            replica: name,
            cause: .looked,
            from: nil,
            to: .sampling,
            look: 1,
            reason: name
        )
        let action = RolloutAction(
            verdict: verdict,
            action: .abort,
            outcome: .failed,
            actuator: name,
            reason: name,
            detail: name,
            at: start + .seconds(60)
        )
        let samples = (0..<metrics).flatMap { [block($0, .control, steps), block($0, .experiment, steps)] }
        return AnalysisRecord(
            session: session,
            verdicts: [verdict],
            transitions: [transition],
            actions: [action],
            samples: samples,
            releases: [session],
            unreadable: [name]
        )
    }

    /// Reads a page as XML: each tag is closed, and the names of elements are counted.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var attributes: Set<String> = []

        func parser(
            _ parser: XMLParser,
            didStartElement element: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[element, default: 0] += 1
            self.attributes.formUnion(attributes.keys)
        }

        static func read(_ page: String) throws -> Reader {
            let reader = Reader()
            let parser = XMLParser(data: Data(page.utf8))
            parser.delegate = reader
            let isWhole = parser.parse()
            try #require(isWhole, "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "")")
            return reader
        }
    }

    @Test(
        "What comes from outside stays text, in every state",
        arguments: JudgementResult.allCases.map(Optional.some) + [nil]
    )
    func escapes(result: JudgementResult?) throws {
        let hold = result == nil ? Hold(cause: .unreachable, reason: Self.hostile, since: Self.start) : nil
        let page = ReportPage.html(
            AnalysisReport(Self.record(metrics: 12, result: result, hold: hold)),
            version: Self.hostile
        )
        let reader = try Reader.read(page)
        // The only script is the one that the service itself serves, on pages that change.
        #expect(reader.elements["script", default: 0] == (result == nil ? 1 : 0))
        #expect(!page.contains("<script>"))
        #expect(reader.attributes.allSatisfy { !$0.hasPrefix("on") && $0 != "style" })
        #expect(reader.elements["style"] == nil)
        #expect(reader.elements["details"] == 12 && reader.elements["h1"] == 1 && reader.elements["main"] == 1)
    }

    @Test("A list with hostile names, and an empty one")
    func list() throws {
        let rows = [ListedAnalysis(Self.record().session)]
        for rows in [rows, []] {
            let page = ListPage.html(
                rows,
                filter: .init(application: Self.hostile, phase: .finished),
                next: Self.hostile,
                unanswered: 2,
                showsReasons: true,
                version: "1"
            )
            let reader = try Reader.read(page)
            #expect(reader.elements["tr", default: 0] == (rows.isEmpty ? 0 : 2))
            #expect(reader.elements["script"] == 1 && !page.contains("<script>"))
        }
        let closed = ListPage.html(
            rows,
            filter: .init(),
            next: nil,
            unanswered: 0,
            showsReasons: false,
            version: "1"
        )
        #expect(closed.contains("<td class=\"why\"></td>"))
    }

    @Test("A page of 500 metrics has less than a megabyte")
    func size() throws {
        let record = Self.record(metrics: 500, name: "http_requests_of_the_checkout", steps: 60)
        let page = ReportPage.html(AnalysisReport(record), version: "1")
        #expect(page.utf8.count < 1_000_000, "\(page.utf8.count) bytes")
        let reader = try Reader.read(page)
        #expect(reader.elements["details"] == 500 && reader.elements["pre"] == 300)
        // What it leaves out has a page of its own.
        #expect(page.contains("<a href=\"/sessions/s/metrics/499\">"))
        let one = try #require(ReportPage.html(ofMetric: 499, AnalysisReport(record), version: "1"))
        #expect(try Reader.read(one).elements["pre"] == 3)
        #expect(ReportPage.html(ofMetric: 500, AnalysisReport(record), version: "1") == nil)
    }

    @Test("Assets have an address of their own for each content")
    func assets() {
        #expect(Set(PageAsset.all.map(\.address)).count == 2)
        #expect(PageAsset.style.address.hasSuffix(".css") && PageAsset.live.address.hasSuffix(".js"))
        let page = ReportPage.html(AnalysisReport(Self.record()), version: "1")
        #expect(page.contains("href=\"\(PageAsset.style.address)\""))
    }

    @Test("Names are escaped in addresses")
    func addresses() {
        #expect("a b/ü?".pathSegment == "a%20b%2F%C3%BC%3F")
        let placed = ListPage.address(.init(cluster: "eu", namespace: "a/b"), before: "x")
        #expect(placed == "/?cluster=eu&namespace=a%2Fb&before=x")
        let address = ListPage.address(.init(application: "a&b", phase: .sampling), before: nil)
        #expect(address == "/?application=a%26b&phase=sampling")
    }

    @Test("The axis of ratios holds all intervals, up to 32 times")
    func axis() {
        let plot = ForestPlot([])
        #expect(plot.place(1) == 0.5 && plot.place(2) == 1 && plot.place(0) == 0 && plot.place(100) == 1)
    }

    @Test("As a file it holds its style and all metrics, and loads nothing")
    func file() throws {
        let record = Self.record(metrics: 120)
        let html = ReportPage.file(AnalysisReport(record), service: "https://assay.example", version: "1.2.3")
        _ = try XMLDocument(xmlString: html.replacing("<!DOCTYPE html>", with: ""))
        #expect(html.contains("<style>") && !html.contains("<script") && !html.contains("rel=\"stylesheet\""))
        #expect(!html.contains("src=") && !html.contains("http-equiv") && !html.contains("/assets/"))
        #expect(html.contains("id=\"metric-119\"") && !html.contains("/metrics/119\""))
        #expect(html.contains("href=\"https://assay.example/v1/sessions/"))
        // Links lead to the service, or to a place in the file.
        for link in html.matches(of: /href="([^"]*)"/).map(\.1) {
            #expect(link.hasPrefix("https://assay.example/") || link.hasPrefix("#") || link == "data:,", "\(link)")
        }
        // What the service shows is the same page otherwise.
        #expect(html.contains(ReportState(record.session).headline))
    }

    @Test("Samples that are too far apart for a number are not drawn")
    func extremes() {
        var record = Self.record()
        record.samples = [Side.control, .experiment].map { side in
            let values = side == .control ? [1.7e308, 1] : [-1.7e308, 2]
            return SampleBlock(
                session: "s",
                metric: 0,
                side: side,
                first: Self.start,
                step: .seconds(10),
                values: values
            )
        }
        #expect(ReportPage.html(AnalysisReport(record), version: "1").contains("</html>"))
    }
}
