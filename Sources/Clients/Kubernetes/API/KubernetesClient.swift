package import HTTPTransport

/// Reads, patches and creates single objects of one Kubernetes API.
///
/// The credentials belong to the HTTP client, see ``KubernetesConfiguration/clientConfiguration``.
package struct KubernetesClient: Sendable {
    /// How a patch is written.
    package enum PatchType: String, Sendable, CaseIterable {
        /// RFC 7386.
        case mergePatch = "application/merge-patch+json"
    }

    /// Objects are at most 1.5 MiB in etcd and a little larger as JSON.
    package static let maximumResponseBytes = 4 << 20

    private let server: String
    private let timeout: Duration
    private let client: any HTTPExecuting

    package init(configuration: KubernetesConfiguration, timeout: Duration = .seconds(15), client: any HTTPExecuting) {
        server = configuration.server
        self.timeout = timeout
        self.client = client
    }

    /// An object. Throws ``KubernetesError``.
    package func get(_ path: KubernetesPath) async throws(KubernetesError) -> KubernetesValue {
        try await send(HTTPRequest(url: server + path.description, headers: accepted))
    }

    /// Patches an object and answers with what it is now.
    ///
    /// Sent once: a repeat by itself of a guarded patch that was applied would be told of a conflict.
    /// Throws ``KubernetesError``.
    package func patch(
        _ path: KubernetesPath,
        contentType: PatchType,
        body: KubernetesValue
    ) async throws(KubernetesError) -> KubernetesValue {
        var headers = accepted
        headers["Content-Type"] = contentType.rawValue
        return try await send(
            HTTPRequest(
                method: .patch,
                url: server + path.description + "?fieldManager=assay",
                headers: headers,
                body: try body.json()
            )
        )
    }

    /// Creates an object of a collection. Sent once. Throws ``KubernetesError``, `conflict` when its name is taken.
    package func create(
        in collection: KubernetesPath,
        body: KubernetesValue
    ) async throws(KubernetesError) -> KubernetesValue {
        var headers = accepted
        headers["Content-Type"] = "application/json"
        return try await send(
            HTTPRequest(
                method: .post,
                url: server + collection.description + "?fieldManager=assay",
                headers: headers,
                body: try body.json(),
                isIdempotent: false
            )
        )
    }

    private var accepted: HTTPHeaders { ["Accept": "application/json"] }

    private func send(_ request: HTTPRequest) async throws(KubernetesError) -> KubernetesValue {
        var request = request
        request.timeout = timeout
        request.maximumResponseBytes = Self.maximumResponseBytes
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.execute(request)
        } catch {
            throw KubernetesError(error)
        }
        guard response.body.count <= Self.maximumResponseBytes else {
            throw KubernetesError(.malformed, "\(request) was answered with too much.", status: response.status)
        }
        guard response.isSuccess else {
            let status = try? KubernetesValue(json: response.body)
            throw KubernetesError(response, to: request.description, status: status, redacted: client.redacted)
        }
        // A page to log in at may come with 200.
        guard let value = try? KubernetesValue(json: response.body), value.members != nil else {
            throw KubernetesError(
                .unavailable,
                "\(request) was answered with status \(response.status) and no object: this is not an answer of Kubernetes.",
                status: response.status
            )
        }
        return value
    }
}
