import Analysis
import Engine
import HTTPTestServer
import HTTPTransport
import Logging
import Prometheus
import Synchronization
import Telemetry
import Testing

@Suite struct BackEndWatchTests {
    private let clock = ManualClock(EngineHarness.start)
    private let metrics = EngineMetrics(MetricRegistry())
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static let away = SamplingFailure(kind: .unreachable, message: "refused")

    @Test func knowsWhetherTheLastQuestionWasAnswered() {
        let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: logger)
        #expect(watch.current == .unknown)
        #expect(watch.trouble == nil)
        watch.asked(Self.away, at: clock.now())
        let since = clock.now()
        #expect(watch.trouble == "refused (since \(since))")
        clock.advance(by: .seconds(5))
        watch.asked(SamplingFailure(kind: .overloaded, message: "503"), at: clock.now())
        #expect(watch.current == .away("503", since: since))
        #expect(metrics.backEndUp.value() == 0)
        watch.asked(nil, at: clock.now())
        #expect(watch.current == .up)
        #expect(metrics.backEndUp.value() == 1)
    }

    @Test func anOutageIsSaidOnceThenEveryTenMinutesThenItsEnd() {
        let log = CollectedLog()
        let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: log.logger)
        for minute in 0...25 {
            watch.asked(Self.away, at: EngineHarness.start + .seconds(60 * minute))
        }
        watch.asked(nil, at: EngineHarness.start + .seconds(1530))
        watch.asked(nil, at: EngineHarness.start + .seconds(1540))
        #expect(
            log.all == [
                "warning: the metrics back end does not answer queries: analyses wait for it reason=refused url=http://p",
                "warning: the metrics back end still does not answer queries: analyses wait for it failures=11 for=600s"
                    + " reason=refused url=http://p",
                "warning: the metrics back end still does not answer queries: analyses wait for it failures=21 for=1200s"
                    + " reason=refused url=http://p",
                "notice: the metrics back end answers again after=1530s failures=26 url=http://p",
            ]
        )
    }

    @Test func whatAnswersProbesAloneIsNotUp() {
        let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: logger)
        watch.asked(Self.away, at: clock.now())
        for _ in 0..<4 {
            clock.advance(by: .seconds(60))
            watch.asked(nil, at: clock.now(), isProbe: true)
            #expect(watch.trouble != nil && metrics.backEndUp.value() == 0)
        }
        // Nothing has asked since.
        clock.advance(by: .seconds(60))
        watch.asked(nil, at: clock.now(), isProbe: true)
        #expect(watch.current == .up && metrics.backEndUp.value() == 1)
        watch.asked(Self.away, at: clock.now())
        watch.asked(nil, at: clock.now())
        #expect(watch.current == .up && metrics.backEndUp.value() == 1)
        // A probe that found an outage may end it.
        watch.asked(Self.away, at: clock.now(), isProbe: true)
        watch.asked(nil, at: clock.now(), isProbe: true)
        #expect(watch.current == .up)
    }

    /// A query that is refused was answered.
    @Test func aWrongQueryIsNoOutage() {
        let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: logger)
        watch.asked(SamplingFailure(kind: .badQuery, message: "parse error"), at: clock.now())
        #expect(watch.current == .up)
    }

    @Test func aLookTellsIt() async throws {
        try await withDirectory { directory in
            let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: logger)
            let backEnd = ScriptedBackEnd { _, _, _ throws(SamplingFailure) in throw Self.away }
            let coalescer = QueryCoalescer(backEnd, clock: clock, metrics: metrics, watch: watch)
            let window = TimeWindow(start: clock.now(), end: clock.now() + .seconds(10))
            await #expect(throws: SamplingFailure.self) {
                try await coalescer.series(of: "q", in: window, step: .seconds(1))
            }
            #expect(watch.trouble?.hasPrefix("refused") == true)
            backEnd.replace { _, _, _ throws(SamplingFailure) in
                BackEndAnswer(series: [], warnings: ["w"], infos: ["i", "j"], movedCount: 3, ignoredCount: 4)
            }
            _ = try await coalescer.series(of: "q", in: window, step: .seconds(1))
            #expect(watch.current == .up)
            #expect([metrics.queryRemarks.value("warning"), metrics.queryRemarks.value("info")] == [1, 2])
            #expect([metrics.samplesOffGrid.value("moved"), metrics.samplesOffGrid.value("left_out")] == [3, 4])
        }
    }

    @Test func aProbeFindsAWrongAddressBeforeARelease() async {
        let watch = BackEndWatch(address: "http://p", metrics: metrics, logger: logger)
        let body = Mutex(PrometheusAnswers.login)
        let stub = StubExecutor { _ in
            .success(HTTPResponse(status: 200, body: Array(body.withLock { $0 }.utf8)))
        }
        let probe = BackEndProbe(
            PrometheusBackEnd(PrometheusClient(baseURL: "http://p", http: stub)),
            watch: watch,
            clock: clock
        )
        await probe.probe()
        #expect(watch.trouble?.contains("web page titled \"Sign in\"") == true)
        body.withLock { $0 = #"{"status":"success","data":{}}"# }
        await probe.probe()
        #expect(watch.current == .up)
    }
}
