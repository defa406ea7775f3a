import Analysis
import EventFormats
import HTTPTransport
import JSON
import Testing

@testable import Rollout

@Suite struct WebhookActuatorTests {
    private struct Stub: HTTPExecuting {
        let requests = Collector<HTTPRequest>()
        var answer: Result<HTTPResponse, HTTPError>

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            requests.add(request)
            return try answer.get()
        }
    }

    private func perform(
        _ answer: Result<HTTPResponse, HTTPError>,
        _ action: PlannedAction = Fixture.action()
    ) async -> (Result<ActuatorOutcome, ActuatorError>, HTTPRequest?) {
        let stub = Stub(answer: answer)
        let actuator = WebhookActuator(
            url: "https://deploy.example/hook",
            headers: ["X-Team": "checkout"],
            client: stub
        )
        do throws(ActuatorError) {
            return (.success(try await actuator.perform(action)), stub.requests.all.first)
        } catch {
            return (.failure(error), stub.requests.all.first)
        }
    }

    @Test func postsTheActionWithItsKey() async throws {
        let verdict = Fixture.verdict("s1/3/ünd \r\n%", revision: "abc", workload: "shop-web")
        let (result, sent) = await perform(.success(HTTPResponse(status: 202)), Fixture.action(.abort, verdict))
        #expect(result == .success(.done("The webhook answered with status 202.")))
        let request = try #require(sent)
        #expect(request.method == .post)
        #expect(request.url == "https://deploy.example/hook")
        #expect(!request.isIdempotent)
        #expect(request.headers["Idempotency-Key"] == "s1/3/%C3%BCnd%20%0D%0A%25/webhook")
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(request.headers["X-Team"] == "checkout")
        let body = try #require(try JSONParser.parse(request.body ?? [], maximumDepth: 4).object)
        #expect(body["id"] == .string(RolloutAction.id(verdictID: verdict.id, actuator: "webhook")))
        #expect(body["action"] == .string("abort"))
        #expect(body["application"] == .string("shop"))
        #expect(body["revision"] == .string("abc"))
        #expect(body["workload"] == .string("shop-web"))
        #expect(body["result"] == .string("pass"))
    }

    @Test(arguments: [
        (301, ActuatorError.Code.transient), (302, .transient), (400, .permanent), (401, .permanent), (404, .permanent),
        (409, .superseded), (410, .superseded), (422, .permanent), (429, .transient), (500, .transient),
        (503, .transient),
    ])
    func statusesAreSortedByWhetherTheyMayPass(status: Int, code: ActuatorError.Code) async {
        let response = HTTPResponse(status: status, headers: ["Retry-After": "7"])
        let (result, _) = await perform(.success(response))
        guard case .failure(let error) = result else {
            Issue.record("\(status) passed")
            return
        }
        #expect(error.code == code)
        #expect(error.retryAfter == (code == .transient ? "7" : nil))
    }

    @Test(arguments: [
        (HTTPError.Code.unreachable, ActuatorError.Code.transient), (.timedOut, .transient), (.tls, .transient),
        (.protocolError, .transient),
        (.invalidURL, .permanent),
    ])
    func failuresToReachItAreSortedToo(http: HTTPError.Code, code: ActuatorError.Code) async {
        let (result, _) = await perform(.failure(HTTPError(http, "No.")))
        guard case .failure(let error) = result else {
            Issue.record("\(http) passed")
            return
        }
        #expect(error.code == code)
    }

    @Test func everythingButNoneIsPosted() {
        let actuator = WebhookActuator(url: "http://x", client: Stub(answer: .success(HTTPResponse(status: 200))))
        #expect(ActionKind.allCases.filter { actuator.handles($0) } == [.promote, .abort, .advance, .hold])
    }
}
