import Analysis
import Concurrency
import EventFormats
import HTTPTransport
import JSON
import Judging
import Synchronization
import Testing

@testable import Rollout

/// The controller over the service's HTTP interface, which a script stands in for.
@Suite(.timeLimit(.minutes(5))) struct ServiceVerdictSourceTests {
    /// A service with verdicts at places 1, 2, 3, …
    private final class FakeService: HTTPExecuting {
        struct State {
            var verdicts: [CloudEvent] = []
            var place: String?
            var actions: [JSONValue] = []
            var failures: [Result<HTTPResponse, HTTPError>] = []
            /// Of actions that are told.
            var refusals: [Result<HTTPResponse, HTTPError>] = []
        }

        let state = Mutex(State())
        let requests = Collector<String>()
        /// Waits here when there is nothing to tell.
        private let silence = AsyncSemaphore(permits: 0)

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            let path = String(request.url.dropFirst("http://assay.test".count))
            requests.add("\(request.method.rawValue) \(path)")
            if let failure = state.withLock({ $0.failures.isEmpty ? nil : $0.failures.removeFirst() }) {
                return try failure.get()
            }
            let refusal = state.withLock { state in
                request.method == .post && !state.refusals.isEmpty ? state.refusals.removeFirst() : nil
            }
            if let refusal { return try refusal.get() }
            if path.hasPrefix("/v1/verdicts?") { return try await verdicts(path) }
            return state.withLock { state in
                switch (request.method, path.prefix { $0 != "?" }) {
                case (.get, "/v1/verdicts/readers/assay-rollout"):
                    return state.place.map { answer(["place": .string($0)]) } ?? Self.missing
                case (.put, "/v1/verdicts/readers/assay-rollout"):
                    state.place = (try? JSONParser.parse(request.body ?? [], maximumDepth: 4))?.object?["place"]?.text
                    return answer([:])
                case (.get, "/v1/actions"): return answer(["actions": .array(state.actions)])
                case (.post, "/v1/actions"):
                    state.actions.append((try? JSONParser.parse(request.body ?? [], maximumDepth: 16)) ?? .null)
                    return answer(["outcome": .string("stored")])
                default: return Self.missing
                }
            }
        }

        private func verdicts(_ path: String) async throws(HTTPError) -> HTTPResponse {
            let after = path.firstRange(of: "after=").map { path[$0.upperBound...] } ?? "0"
            let events = state.withLock { $0.verdicts }
            if after == "end" { return answer(["verdicts": .array([]), "next": .string("\(events.count)")]) }
            let start = Int(after) ?? 0
            guard start < events.count else {
                _ = await silence.enter()
                throw HTTPError(.cancelled, "Cancelled.")
            }
            let items = (start..<events.count).map { index in
                let body = CloudEventHTTPBinding.structured(events[index]).body
                return JSONValue.object([
                    "place": .string("\(index + 1)"), "event": (try? JSONParser.parse(body, maximumDepth: 64)) ?? .null,
                ])
            }
            return answer(["verdicts": .array(items), "next": .string("\(events.count)")])
        }

        private func answer(_ object: JSONObject) -> HTTPResponse {
            HTTPResponse(status: 200, body: JSONValue.object(object).jsonBytes)
        }

        static let missing = HTTPResponse(status: 404, body: Array(#"{"error":"there is none"}"#.utf8))

        func give(_ verdict: Verdict, retryOf failedAt: Timestamp? = nil) {
            let event = Fixture.event(verdict)
            let given = failedAt.map { RetryRequest.event(event, failedAt: $0) } ?? event
            state.withLock { $0.verdicts.append(given) }
        }
    }

    private func controller(
        _ service: FakeService,
        _ actuator: FakeActuator,
        start: ServiceVerdictSource.Start = .end,
        observed: Collector<RolloutObservation> = Collector(),
        time: TestTime = TestTime()
    ) -> RolloutController {
        let connection = ServiceConnection(url: "http://assay.test/", http: service)
        return RolloutController(
            configuration: RolloutConfiguration(),
            source: ServiceVerdictSource(
                connection: connection,
                reader: "assay-rollout",
                verdicts: VerdictReader(now: { Fixture.start }),
                start: start,
                environment: time.environment,
                logger: Harness.silent
            ),
            sink: ServiceRolloutSink(connection),
            history: ServiceRolloutHistory(connection),
            actuator: actuator,
            environment: time.environment,
            now: { Fixture.start },
            observer: RolloutObserver { observed.add($0) },
            logger: Harness.silent
        )
    }

    /// Runs a controller until so many events were published or dropped.
    private func run(_ service: FakeService, _ actuator: FakeActuator, until count: Int) async throws {
        let observed = Collector<RolloutObservation>()
        let controller = controller(service, actuator, start: .beginning, observed: observed)
        let running = Task { try await controller.run() }
        func ended(_ all: [RolloutObservation]) -> Int {
            all.count { observation in
                switch observation {
                case .published, .dropped, .deadLettered: true
                default: false
                }
            }
        }
        while ended(observed.all) < count { await observed.wait(for: 1) }
        controller.stop()
        try await running.value
    }

    @Test func verdictsAreActedOnAndToldToTheServiceOnceAcrossARestart() async throws {
        let service = FakeService()
        service.give(Fixture.verdict("a"))
        service.give(Fixture.verdict("b", session: "s2", result: .fail, application: "till"))
        let first = FakeActuator()
        try await run(service, first, until: 2)
        #expect(Set(first.performed.all.map(\.kind)) == [.promote, .abort])
        let actions = service.state.withLock { $0.actions }
        #expect(Set(actions.compactMap { $0.object?["id"]?.text }) == ["a/fake", "b/fake"])
        #expect(service.state.withLock { $0.place } == "2")

        // Its place is lost; its memory is not.
        service.state.withLock { $0.place = nil }
        service.give(Fixture.verdict("c", session: "s3", version: "1.2", opened: 100))
        let second = FakeActuator()
        try await run(service, second, until: 3)
        #expect(second.performed.all.map(\.verdict.id) == ["c"])
    }

    @Test func aNewReaderBeginsAtTheEndAndKeepsThatPlace() async throws {
        let service = FakeService()
        service.give(Fixture.verdict("old", result: .fail))
        let actuator = FakeActuator()
        let controller = controller(service, actuator)
        let running = Task { try await controller.run() }
        while !service.requests.all.contains("GET /v1/verdicts?wait=20s&limit=100&after=1") {
            await service.requests.wait(for: 1)
        }
        controller.stop()
        try await running.value
        #expect(actuator.performed.all.isEmpty)
        #expect(service.state.withLock { $0.place } == "1")
    }

    @Test(
        arguments: [
            .failure(HTTPError(.unreachable, "No.")), .failure(HTTPError(.tls, "No.")), .success(FakeService.missing),
            .success(HTTPResponse(status: 401, body: Array(#"{"error":"send the token"}"#.utf8))),
            .success(HTTPResponse(status: 404, body: Array("<html>".utf8))),
            .success(HTTPResponse(status: 200, body: Array("<html>".utf8))), .success(HTTPResponse(status: 503)),
        ] as [Result<HTTPResponse, HTTPError>]
    )
    func aServiceThatIsAwayIsWaitedFor(failure: Result<HTTPResponse, HTTPError>) async throws {
        let service = FakeService()
        service.give(Fixture.verdict("a"))
        // Reading the ledger, then the place, then the verdicts.
        service.state.withLock { $0.failures = [failure] }
        let actuator = FakeActuator()
        try await run(service, actuator, until: 1)
        #expect(actuator.performed.all.map(\.verdict.id) == ["a"])
    }

    private static func refusal(_ status: Int) -> Result<HTTPResponse, HTTPError> {
        .success(HTTPResponse(status: status, body: Array(#"{"error":"send the token of this service"}"#.utf8)))
    }

    /// The token is read again at each attempt, until the new one is in its file.
    @Test(arguments: [401, 403]) func anActionIsToldWhileTheTokenIsBeingReplaced(status: Int) async throws {
        let service = FakeService()
        service.give(Fixture.verdict("a"))
        service.state.withLock { $0.refusals = Array(repeating: Self.refusal(status), count: 5) }
        let actuator = FakeActuator()
        try await run(service, actuator, until: 1)
        #expect(service.requests.all.count { $0 == "POST /v1/actions" } == 6)
        #expect(service.state.withLock { $0.actions.count } == 1)
        #expect(actuator.performed.all.map(\.verdict.id) == ["a"])
    }

    @Test func aTokenThatStaysRefusedEndsTheController() async throws {
        let service = FakeService()
        service.give(Fixture.verdict("a"))
        service.state.withLock { $0.refusals = Array(repeating: Self.refusal(401), count: 10_000) }
        let time = TestTime()
        let controller = controller(service, FakeActuator(), start: .beginning, time: time)
        await #expect(throws: ServiceFailure.self) { try await controller.run() }
        let waited = time.pauses.all.reduce(.zero, +)
        #expect(waited > .seconds(120) && waited < .seconds(300), "\(waited)")
    }

    @Test func aFailedActionIsPerformedAgainWhenTheServiceAsks() async throws {
        let service = FakeService()
        let refused = FakeActuator.Answer.failure(ActuatorError(.permanent, "No rights."))
        let verdict = Fixture.verdict("a", result: .fail)
        service.give(verdict)
        service.give(verdict, retryOf: Fixture.start)
        let actuator = FakeActuator(["shop": [refused]])
        try await run(service, actuator, until: 2)
        #expect(actuator.performed.all.count == 2)
        let outcomes = service.state.withLock { $0.actions }.map { $0.object?["data"]?.object?["outcome"]?.text }
        #expect(outcomes == ["failed", "done"])
    }
}

@Suite struct ReaderProgressTests {
    @Test func aPlaceIsStoredWhenEverythingBeforeItIsDone() {
        var progress = ReaderProgress()
        let numbers = (1...4).map { progress.add("\($0)") }
        #expect(progress.finish(numbers[1]) == nil)
        #expect(progress.finish(numbers[3]) == nil)
        #expect(progress.takeUnsaved() == nil)
        #expect(progress.finish(numbers[0]) == nil)
        #expect(progress.takeUnsaved() == "2")
        #expect(progress.finish(numbers[2]) == "4")
        #expect(progress.finish(numbers[2]) == nil)
        #expect(progress.finish(progress.add("5")) == "5")
    }
}
