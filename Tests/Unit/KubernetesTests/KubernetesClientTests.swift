import HTTPTestServer
import HTTPTransport
import Kubernetes
import Synchronization
import Testing

@Suite struct KubernetesClientTests {
    private let path: KubernetesPath

    init() throws {
        path = try KubernetesPath(.argoRollouts, namespace: "shop", name: "cart")
    }

    @Test func getsAnObject() async throws {
        let api = MockKubernetesAPI()
        api.put(Fixtures.rollout())
        let object = try await Fixtures.client(api).get(path)
        #expect(object["metadata"]?["name"]?.text == "cart")
        let request = try #require(api.requests.first)
        #expect(request.method == .get)
        #expect(request.url == "http://api.example:6443/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart")
        #expect(request.maximumResponseBytes == KubernetesClient.maximumResponseBytes)
        #expect(request.headers["Authorization"] == nil)
    }

    @Test func sendsAPatchOnceWithItsType() async throws {
        let api = MockKubernetesAPI()
        api.put(Fixtures.rollout())
        let object = try await Fixtures.client(api).patch(
            path,
            contentType: .mergePatch,
            body: ["spec": ["paused": true]]
        )
        #expect(object["spec"]?["paused"]?.bool == true)
        #expect(object["metadata"]?["generation"]?.integer == 8)
        let request = try #require(api.requests.first)
        #expect(request.url.hasSuffix("/cart?fieldManager=assay"))
        #expect(!request.isIdempotent)
    }

    @Test func wrongTypesAreInvalid() async throws {
        let api = MockKubernetesAPI()
        api.put(Fixtures.rollout())
        let error = await #expect(throws: KubernetesError.self) {
            try await Fixtures.client(api).patch(path, contentType: .mergePatch, body: ["spec": ["paused": "yes"]])
        }
        #expect(error?.code == .invalid)
        #expect(error?.status == 422)
        #expect(error?.message.contains("must be of type boolean") == true)
    }

    @Test(
        arguments: [
            (400, .invalid), (401, .forbidden), (403, .forbidden), (404, .notFound), (405, .invalid), (409, .conflict),
            (415, .unsupportedMediaType), (422, .invalid), (408, .unavailable), (429, .unavailable),
            (500, .unavailable),
            (503, .unavailable), (302, .malformed),
        ] as [(Int, KubernetesError.Code)]
    )
    func statuses(status: Int, code: KubernetesError.Code) async throws {
        let api = MockKubernetesAPI()
        let long = "rollouts is \"x\"\n" + String(repeating: "y", count: 5000)
        api.change { $0.refusal = MockKubernetesAPI.failure(status, long, headers: ["Retry-After": "3"]) }
        let error = await #expect(throws: KubernetesError.self) { try await Fixtures.client(api).get(path) }
        #expect(error?.code == code)
        #expect(error?.status == status)
        #expect(error?.retryAfter == "3")
        #expect(error?.message.contains("rollouts is \"x\" y") == true)
        #expect((error?.message.count ?? 0) < 600)
        #expect(error?.isTransient == [.unavailable, .conflict].contains(code))
    }

    @Test(
        arguments: [
            (.unreachable, .unavailable), (.timedOut, .unavailable), (.overloaded, .unavailable),
            (.closed, .unavailable),
            (.cancelled, .unavailable), (.tls, .unavailable), (.credentials, .unavailable),
            (.protocolError, .unavailable),
            (.responseTooLarge, .malformed), (.invalidURL, .misconfigured),
        ] as [(HTTPError.Code, KubernetesError.Code)]
    )
    func failures(failure: HTTPError.Code, code: KubernetesError.Code) async throws {
        let api = MockKubernetesAPI()
        api.change { $0.failure = HTTPError(failure, "It broke.") }
        let error = await #expect(throws: KubernetesError.self) { try await Fixtures.client(api).get(path) }
        #expect(error == KubernetesError(code, "It broke."))
    }

    @Test(arguments: ["", "[]", "\"x\"", "<html>", "{\"a\":"])
    func answersThatAreNoObjectAreNotKubernetes(body: String) async throws {
        let api = StubExecutor(status: 200, body: body)
        let error = await #expect(throws: KubernetesError.self) { try await Fixtures.client(api).get(path) }
        #expect(error?.code == .unavailable)
    }

    @Test(arguments: [302, 400, 401, 403, 404, 409, 502])
    func aRefusalWithoutAStatusObjectIsNotKubernetes(status: Int) async throws {
        for body in ["<html>secret</html>", "{}", #"{"message":"secret"}"#] {
            let api = StubExecutor(status: status, body: body)
            let error = await #expect(throws: KubernetesError.self) { try await Fixtures.client(api).get(path) }
            #expect(error?.code == .unavailable)
            #expect(
                error?.message
                    == "GET http://api.example:6443\(path) was answered with status \(status): this is not an answer of"
                    + " Kubernetes."
            )
        }
    }

    @Test func anObjectIsCreatedInItsCollection() async throws {
        let api = RecordingExecutor(body: #"{"kind":"Event"}"#)
        let configuration = try KubernetesConfiguration(server: "http://api.example:6443")
        let collection = try KubernetesPath(collection: .events, namespace: "shop")
        #expect(collection.description == "/api/v1/namespaces/shop/events")
        #expect(throws: KubernetesError.self) { try KubernetesPath(collection: .events, namespace: "a/b") }
        _ = try await KubernetesClient(configuration: configuration, client: api).create(
            in: collection,
            body: ["kind": "Event"]
        )
        let request = try #require(api.requests.withLock { $0.first })
        #expect(request.method == .post)
        #expect(!request.isIdempotent)
        #expect(request.url == "http://api.example:6443/api/v1/namespaces/shop/events?fieldManager=assay")
    }

    @Test func tooLargeAnAnswer() async throws {
        let body = "{\"a\":\"" + String(repeating: "x", count: KubernetesClient.maximumResponseBytes) + "\"}"
        let api = StubExecutor(status: 200, body: body)
        let error = await #expect(throws: KubernetesError.self) { try await Fixtures.client(api).get(path) }
        #expect(error?.code == .malformed)
    }
}

private final class RecordingExecutor: HTTPExecuting {
    let requests = Mutex<[HTTPRequest]>([])
    private let body: String

    init(body: String) {
        self.body = body
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        requests.withLock { $0.append(request) }
        return HTTPResponse(status: 201, body: Array(body.utf8))
    }
}
