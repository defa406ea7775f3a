import HTTPTestServer
import HTTPTransport
import Kubernetes
import Testing

/// The whole way: configuration, token file, HTTP client, sockets.
@Suite struct KubernetesSocketTests {
    @Test(.timeLimit(.minutes(5)))
    func readsAndAborts() async throws {
        let before = String(decoding: try Fixtures.rollout().json(), as: UTF8.self)
        let after = String(decoding: try Fixtures.rollout(status: ["abort": true]).json(), as: UTF8.self)
        let server = try TestHTTPServer { request in
            switch request.method {
            case "GET": [.respond(200, headers: ["Content-Type: application/json"], before)]
            default: [.respond(200, headers: ["Content-Type: application/json"], after)]
            }
        }
        let folder = try TemporaryFolder()
        let token = try Secret(file: try folder.write("token-1\n", to: "token"))
        let configuration = try KubernetesConfiguration(server: server.url, token: token)
        var settings = configuration.clientConfiguration
        settings.proxy = .none
        let http = try HTTPClient(configuration: settings)
        let client = ArgoRolloutClient(KubernetesClient(configuration: configuration, client: http))

        let rollout = try await client.read(namespace: "shop", name: "cart")
        try folder.write("token-2\n", to: "token")
        guard case .patch(let patch) = ArgoRolloutPatch.abort(rollout) else {
            Issue.record("Nothing to abort.")
            return
        }
        let aborted = try await client.apply(patch)
        await http.close()

        #expect(aborted.abort)
        let requests = server.statistics.requests
        #expect(requests.map(\.method) == ["GET", "PATCH"])
        #expect(requests.map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-2"])
        let sent = try #require(requests.last)
        #expect(sent.target == "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart/status?fieldManager=assay")
        #expect(sent.headers["content-type"] == "application/merge-patch+json")
        #expect(
            String(decoding: sent.body, as: UTF8.self)
                == #"{"metadata":{"resourceVersion":"100"},"status":{"abort":true}}"#
        )
    }

    @Test(.timeLimit(.minutes(5)))
    func aServerThatGoesAwayIsUnavailable() async throws {
        let server = try TestHTTPServer { _ in [.reset] }
        let configuration = try KubernetesConfiguration(server: server.url)
        var settings = configuration.clientConfiguration
        settings.proxy = .none
        settings.retry = .none
        let http = try HTTPClient(configuration: settings)
        let client = ArgoRolloutClient(KubernetesClient(configuration: configuration, client: http))
        let error = await #expect(throws: KubernetesError.self) {
            try await client.read(namespace: "shop", name: "cart")
        }
        #expect(error?.code == .unavailable)
        await http.close()
    }
}
