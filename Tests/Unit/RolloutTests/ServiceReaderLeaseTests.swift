import Analysis
import Concurrency
import HTTPTransport
import JSON
import Synchronization
import Testing

@testable import Rollout

@Suite(.timeLimit(.minutes(5))) struct ServiceReaderLeaseTests {
    /// Answers from a list, the last one again and again.
    private final class FakeService: HTTPExecuting {
        private let answers: Mutex<[Result<HTTPResponse, HTTPError>]>
        let bodies = Collector<JSONObject>()

        init(_ answers: [Result<HTTPResponse, HTTPError>]) {
            self.answers = Mutex(answers)
        }

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            bodies.add((try? JSONParser.parse(request.body ?? [], maximumDepth: 4))?.object ?? JSONObject())
            return try answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
        }
    }

    private static let held = Result<HTTPResponse, HTTPError>.success(
        HTTPResponse(status: 200, body: Array(#"{"holder":"me","until":"2026-03-01T10:00:00Z"}"#.utf8))
    )
    private static let refused = Result<HTTPResponse, HTTPError>.success(
        HTTPResponse(status: 409, body: Array(#"{"error":"other reads verdicts as g"}"#.utf8))
    )
    private static let away = Result<HTTPResponse, HTTPError>.failure(HTTPError(.unreachable, "refused"))

    private func lease(_ service: FakeService, _ time: TestTime) -> ServiceReaderLease {
        ServiceReaderLease(
            connection: ServiceConnection(url: "http://assay.test", http: service),
            reader: "g",
            holder: "me",
            term: .seconds(45),
            environment: time.environment,
            logger: Harness.silent
        )
    }

    @Test("The name is waited for while another process has it, and nothing may be done meanwhile")
    func acquiring() async {
        let time = TestTime()
        let service = FakeService([Self.refused, Self.refused, Self.held])
        let lease = lease(service, time)
        #expect(!lease.mayAct)
        #expect(await lease.acquire())
        #expect(lease.mayAct && lease.trouble == nil)
        #expect(time.pauses.all == [.seconds(15), .seconds(15)])
        #expect(service.bodies.all.allSatisfy { $0["holder"]?.text == "me" && $0["seconds"] == .number("45") })
    }

    @Test(
        "What is no clear yes is a no",
        arguments: [
            away, .success(HTTPResponse(status: 404, body: Array(#"{"error":"no such page"}"#.utf8))),
            .success(HTTPResponse(status: 200, body: Array("{}".utf8))),
            .success(HTTPResponse(status: 200, body: Array(#"{"holder":"other"}"#.utf8))),
            .success(HTTPResponse(status: 409, body: Array("<html>".utf8))), .success(HTTPResponse(status: 503)),
            .success(HTTPResponse(status: 200, body: Array("<html>".utf8))),
        ] as [Result<HTTPResponse, HTTPError>]
    )
    func unclear(answer: Result<HTTPResponse, HTTPError>) async {
        let held = AsyncSemaphore(permits: 0)
        let time = TestTime(held: held)
        let lease = lease(FakeService([answer]), time)
        let acquiring = Task { await lease.acquire() }
        await time.pauses.wait(for: 1)
        #expect(!lease.mayAct && lease.trouble != nil)
        acquiring.cancel()
        held.close()
        #expect(await acquiring.value == false)
    }

    @Test("A service that is away for a moment loses nothing; nothing is begun in the last third of the term")
    func outage() async {
        let time = TestTime()
        // Renewed every 5 seconds of the 45: two failures, one renewal, then the service stays away.
        let service = FakeService([Self.held, Self.away, Self.away, Self.held, Self.away])
        let lease = lease(service, time)
        #expect(await lease.acquire())
        await lease.hold()
        #expect(!lease.mayAct && lease.trouble != nil)
        // 15 s up to the renewal, 45 s after it.
        #expect(time.pauses.all.count == 12, "\(time.pauses.all)")
    }

    @Test("Another process that has the name ends the hold at once")
    func lost() async {
        let time = TestTime()
        let lease = lease(FakeService([Self.held, Self.held, Self.refused]), time)
        #expect(await lease.acquire())
        await lease.hold()
        #expect(!lease.mayAct)
        #expect(lease.trouble?.contains("other reads verdicts as g") == true)
        #expect(time.pauses.all == [.seconds(5), .seconds(5)])
    }

    @Test("It is given back once")
    func releasing() async {
        let service = FakeService([Self.held])
        let lease = lease(service, TestTime())
        await lease.release()
        #expect(service.bodies.all.isEmpty)
        #expect(await lease.acquire())
        await lease.release()
        await lease.release()
        #expect(service.bodies.all.map { $0["seconds"] } == [.number("45"), .number("0")])
        #expect(!lease.mayAct)
    }

    @Test("Without the lease no action is begun")
    func actuator() async throws {
        let mayAct = Mutex(false)
        let inner = FakeActuator()
        let actuator = LeasedActuator(inner) { mayAct.withLock { $0 } }
        #expect(actuator.name == inner.name && actuator.handles(.abort))
        let refused = await #expect(throws: ActuatorError.self) {
            _ = try await actuator.perform(Fixture.action())
        }
        #expect(refused?.code == .notYet && inner.performed.all.isEmpty)
        mayAct.withLock { $0 = true }
        #expect(try await actuator.perform(Fixture.action()) == .done("Done."))
    }

    @Test("No two processes have one name of a holder")
    func holder() {
        let one = ServiceReaderLease.holder(host: "a pod/1")
        #expect(one.hasPrefix("apod1/") && one != ServiceReaderLease.holder(host: "a pod/1"))
        #expect(ServiceReaderLease.holder(host: String(repeating: "x", count: 300)).utf8.count < 200)
    }
}
