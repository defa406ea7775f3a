import Analysis
import EventFormats
import Foundation
import Grafana
import HTTPTransport
import JudgeInputs
import PlanFormats
import Testing

@testable import Engine
@testable import Prometheus
@testable import Rollout

/// The bounds of docs/security.md that no suite of a single module holds: each at its limit, and one over it.
@Suite struct InputLimitsTests {
    private static let structured = [EventHeader("content-type", "application/cloudevents+json")]

    private static func event(padding: Int = 0, data: String = #"{"application":"a","environment":"e","version":"1"}"#)
        -> [UInt8]
    {
        let blanks = String(repeating: " ", count: padding)
        return Array(
            (#"{"specversion":"1.0","id":"1","source":"/s","type":"dev.assay.deploy.v1","data":"# + data + "}" + blanks)
                .utf8
        )
    }

    private static func reason(_ reading: EnvelopeReader.Reading) -> String? {
        if case .malformed(let refusal) = reading { refusal.reason } else { nil }
    }

    @Test func bytesOfAnEvent() {
        let rest = 262_144 - Self.event().count
        let (most, tooMany) = (Self.event(padding: rest), Self.event(padding: rest + 1))
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: most, headers: Self.structured)) == nil)
        #expect(Self.reason(FuzzTarget.intake.readHTTP(headers: Self.structured, body: most)) == nil)
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: tooMany, headers: Self.structured)) == "tooLarge")
        #expect(Self.reason(FuzzTarget.intake.readHTTP(headers: Self.structured, body: tooMany)) == "tooLarge")
    }

    @Test func headersOfAnEvent() {
        let headers = { (count: Int) in Self.structured + (1..<count).map { EventHeader("x-\($0)", "y") } }
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: Self.event(), headers: headers(64))) == nil)
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: Self.event(), headers: headers(65))) == "tooLarge")
        let long = { (bytes: Int) in Self.structured + [EventHeader("x", String(repeating: "y", count: bytes - 1))] }
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: Self.event(), headers: long(8192))) == nil)
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: Self.event(), headers: long(8193))) == "tooLarge")
    }

    @Test func attributesOfAnEvent() {
        let event = { (bytes: Int) in
            Array(
                (#"{"specversion":"1.0","id":"1","source":"/s","type":"other","x":""#
                    + String(repeating: "y", count: bytes) + "\"}").utf8
            )
        }
        let read = { (bytes: Int) in FuzzTarget.intake.readKafka(value: event(bytes), headers: Self.structured) }
        #expect(read(8192) == .unused("events of type other are not used"))
        #expect(Self.reason(read(8193)) == "tooLarge")
    }

    /// The event's own object counts as one level, and its data is read again by itself.
    @Test func depthOfAnEvent() {
        let event = { (levels: Int) in
            let nested = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            return Self.event(data: #"{"application":"a","environment":"e","version":"1","x":\#(nested)}"#)
        }
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: event(30), headers: Self.structured)) == nil)
        #expect(Self.reason(FuzzTarget.intake.readKafka(value: event(31), headers: Self.structured)) == "badJSON")
    }

    @Test func planOfAnEvent() throws {
        let plan = { (metrics: Int) in
            """
            apiVersion: assay.dev/v1
            kind: AnalysisPlan
            name: p
            schedule: {step: 15s, interval: 1m, lifetime: 5m}
            metrics:

            """ + (0..<metrics).map { "- {name: m\($0), query: up, direction: either}\n" }.joined()
        }
        #expect(try FuzzTarget.plans.readInline(plan(500)).plan.metrics.count == 500)
        let error = #expect(throws: PlanFileErrors.self) { try FuzzTarget.plans.readInline(plan(501)) }
        #expect(error?.description.contains("metrics") == true)
        #expect(throws: PlanFileErrors.self) { try FuzzTarget.plans.readInline(plan(1) + "---\n" + plan(1)) }
    }

    @Test(arguments: [
        (YAMLLimits().maximumBytes, 0), (YAMLLimits().maximumBytes + 1, 1),
    ])
    func bytesOfAPlanFile(bytes: Int, errors: Int) throws {
        let plan =
            "apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: p\nschedule: {step: 15s, interval: 1m, lifetime: 5m}\n"
            + "metrics: [{name: m, query: up, direction: either}]\n"
        let text = plan + String(repeating: "#\n", count: (bytes - plan.utf8.count) / 2)
        let padded = text + String(repeating: "#", count: bytes - text.utf8.count)
        var found = 0
        do { _ = try FuzzTarget.plans.read(padded, file: "p") } catch { found = error.errors.count }
        #expect(found == errors)
    }

    @Test(arguments: [
        ("documents", 100, 101, "---\n1\n"), ("values", 99_999, 100_000, "- 1\n"),
    ])
    func partsOfAPlanFile(part: String, most: Int, tooMany: Int, text: String) {
        func problem(_ count: Int) -> Bool {
            var issues = ""
            do { _ = try FuzzTarget.plans.read(String(repeating: text, count: count), file: "p") } catch {
                issues = error.description
            }
            return issues.contains("more than")
        }
        #expect(!problem(most), "\(part)")
        #expect(problem(tooMany), "\(part)")
    }

    @Test func depthOfAPlanFile() {
        func problem(_ levels: Int) -> Bool {
            let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            do { _ = try FuzzTarget.plans.read(text, file: "p") } catch {
                return "\(error)".contains("nested more than")
            }
            return false
        }
        #expect(!problem(33))
        #expect(problem(34))
    }

    @Test func plansOfADirectory() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func add(_ index: Int) throws {
            let plan =
                "apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: p\(index)\n"
                + "schedule: {step: 15s, interval: 1m, lifetime: 5m}\nmetrics: [{name: m, query: up, direction: either}]\n"
            try Data(plan.utf8).write(to: folder.appendingPathComponent("\(index).yaml"))
        }
        for index in 0..<PlanFiles.maximumFiles { try add(index) }
        #expect(try PlanDirectory.load(folder.path, reader: FuzzTarget.plans).plans.count == 1000)
        try add(1000)
        let error = #expect(throws: PlanFileErrors.self) {
            try PlanDirectory.load(folder.path, reader: FuzzTarget.plans)
        }
        #expect(error?.description.contains("1001 plan files; at most 1000") == true)
    }

    @Test func bytesOfFilesForTrying() throws {
        let most = SeriesFile.maximumBytes
        #expect(try SeriesFile(parsing: String(repeating: "#", count: most), file: "f").metrics.isEmpty)
        #expect(throws: SeriesFileError.self) {
            try SeriesFile(parsing: String(repeating: "#", count: most + 1), file: "f")
        }
        let line = { (bytes: Int) in "{}" + String(repeating: " ", count: bytes - 2) }
        #expect(KayentaCase.answer(line: line(KayentaCase.longestLine)).contains("has no config"))
        #expect(KayentaCase.answer(line: line(KayentaCase.longestLine + 1)).contains("at most"))
    }

    @Test func pointsSeriesAndBytesOfAQuery() async throws {
        let answer = { (count: Int) in
            let series = (0..<count).map { #"{"metric":{"a":"\#($0)"},"values":[]}"# }.joined(separator: ",")
            return #"{"status":"success","data":{"resultType":"matrix","result":[\#(series)]}}"#
        }
        func code(_ query: String, points: Int64, answer: String) async -> PrometheusError.Code? {
            let client = PrometheusClient(baseURL: "http://prometheus", http: RecordingExecutor(answer: answer))
            do throws(PrometheusError) {
                _ = try await client.rangeQuery(query, start: 0, end: (points - 1) * 1000, step: 1000)
                return nil
            } catch { return error.code }
        }
        #expect(await code("up", points: 1, answer: answer(1000)) == nil)
        #expect(await code("up", points: 1, answer: answer(1001)) == .tooManySeries)
        #expect(await code("up", points: 11_000, answer: answer(1)) == nil)
        #expect(await code("up", points: 11_001, answer: answer(1)) == .tooManyPoints)
        // 4,000,000 values: 363 series of 11,000 fit, 364 do not.
        #expect(await code("up", points: 11_000, answer: answer(363)) == nil)
        #expect(await code("up", points: 11_000, answer: answer(364)) == .tooManyPoints)
        let query = { (bytes: Int) in "up" + String(repeating: " ", count: bytes - 2) }
        #expect(await code(query(65_536), points: 1, answer: answer(1)) == nil)
        #expect(await code(query(65_537), points: 1, answer: answer(1)) == .badQuery)
    }

    /// The transport ends an answer that is larger than its request allows: what each client allows.
    @Test func bytesOfAnswers() async throws {
        let http = RecordingExecutor(answer: #"{"id":1}"#)
        _ = try? await PrometheusClient(baseURL: "http://p", http: http).rangeQuery("up", start: 0, end: 0, step: 1)
        _ = try await GrafanaClient(baseURL: "http://g", http: http).create(Annotation(text: "x"))
        _ = try await WebhookActuator(url: "http://w", client: http).perform(WebhookProperties.action)
        #expect(http.requests.map(\.maximumResponseBytes) == [8 << 20, 4 << 20, 64 << 10])
    }

    @Test func headersOfAnAnswer() {
        func isTaken(_ bytes: Int) -> Bool {
            let line = Array(("x: " + String(repeating: "y", count: bytes - 3)).utf8)
            return FuzzTarget.takesHeaderLine(line)
        }
        #expect(isTaken(64 << 10))
        #expect(!isTaken(64 << 10 + 1))
    }

    @Test func secretsInFiles() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(String(repeating: "x", count: 64 << 10).utf8).write(to: URL(fileURLWithPath: path))
        #expect(try Secret(file: path).value.utf8.count == 64 << 10)
        try Data(String(repeating: "x", count: 64 << 10 + 1).utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: SecretError.self) { try Secret(file: path) }
    }

    @Test func eventsAndMessagesThatWait() {
        let backpressure = IntakeBackpressure()
        backpressure.set(waitingEvents: 50_000, waitingMessages: 200_000)
        #expect(backpressure.closed == nil)
        backpressure.set(waitingEvents: 50_001, waitingMessages: 0)
        #expect(backpressure.closed == "50001 deploy events wait for an answer")
        // Open again below half of it.
        backpressure.set(waitingEvents: 25_001, waitingMessages: 0)
        #expect(backpressure.closed != nil)
        backpressure.set(waitingEvents: 25_000, waitingMessages: 100_000)
        #expect(backpressure.closed == nil)
        backpressure.set(waitingEvents: 0, waitingMessages: 200_001)
        #expect(backpressure.closed == "200001 messages wait in the outbox")
        var limits = IntakeBackpressure.Limits()
        limits.storeBytes = 1000
        let bounded = IntakeBackpressure(limits: limits)
        func closed(analyses: Int = 0, bytes: Int64 = 0) -> String? {
            bounded.set(waitingEvents: 0, waitingMessages: 0, unfinishedAnalyses: analyses, storeBytes: bytes)
            return bounded.closed
        }
        #expect(closed(analyses: 50_000, bytes: 1000) == nil)
        #expect(closed(analyses: 50_001) == "50001 analyses have not ended; engine.maximumAnalyses is 50000")
        #expect(closed(analyses: 45_001) != nil)
        #expect(closed(analyses: 45_000) == nil)
        #expect(closed(bytes: 1001) == "the store has 1001 bytes; database.maximumBytes is 1000")
        #expect(closed(bytes: 901) != nil)
        #expect(closed(bytes: 900) == nil)
    }

    @Test func idsOfVerdicts() throws {
        let reading = { (bytes: Int) -> VerdictEventReading in
            var verdict = WebhookProperties.action.verdict
            verdict.id = String(repeating: "i", count: bytes)
            let decidedAt = verdict.decidedAt
            let (value, headers) = CloudEventKafkaBinding.binary(
                VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
            )
            return KafkaVerdictRecord.read(
                PublishedRecord.record(value, headers),
                by: VerdictReader(now: { decidedAt })
            )
        }
        guard case .verdict = reading(1024) else {
            Issue.record("\(reading(1024))")
            return
        }
        #expect(
            reading(1025) == .malformed(errorClass: "badData", reason: "The verdict's id is longer than is accepted.")
        )
    }
}
