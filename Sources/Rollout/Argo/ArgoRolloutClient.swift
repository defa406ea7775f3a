import EventFormats
package import HTTPTransport

/// Reads and patches Argo Rollouts through the Kubernetes API, each patch guarded by a resource version.
package struct ArgoRolloutClient: Sendable {
    /// Namespace and name; both have been checked, so that they are one path segment each.
    struct Target: Sendable, Equatable {
        let namespace: String
        let name: String

        /// Nil unless both follow the syntax of Kubernetes names.
        init?(namespace: String, name: String) {
            guard KubernetesName.isLabel(namespace), KubernetesName.isSubdomain(name) else { return nil }
            self.namespace = namespace
            self.name = name
        }

        var path: String { "/apis/argoproj.io/v1alpha1/namespaces/\(namespace)/rollouts/\(name)" }
    }

    /// What the API server refused or could not do.
    struct Failure: Error, Sendable, Equatable {
        enum Code: Sendable, Equatable {
            case notFound
            /// Somebody else changed the object since it was read.
            case conflict
            /// Will not work until somebody changes something.
            case refused
            /// May work later.
            case unavailable
        }

        var code: Code
        /// One sentence.
        var message: String
        var retryAfter: String?
    }

    private let server: String
    private let timeout: Duration
    private let client: any HTTPExecuting

    /// - Parameters:
    ///   - server: the API server's URL, for example `https://kubernetes.default.svc`.
    ///   - client: carries the service account's token and the cluster's certificates.
    package init(server: String, timeout: Duration = .seconds(10), client: any HTTPExecuting) {
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.timeout = timeout
        self.client = client
    }

    func read(_ target: Target) async throws(Failure) -> ArgoRolloutState {
        try state(try await send(.get, target.path, body: nil))
    }

    /// Sets the annotation; returns the object as it is then.
    func annotate(_ target: Target, resourceVersion: String, name: String, value: String) async throws(Failure)
        -> ArgoRolloutState
    {
        let metadata: JSONObject = [
            "resourceVersion": .string(resourceVersion), "annotations": .object([name: .string(value)]),
        ]
        return try state(try await send(.patch, target.path, body: ["metadata": .object(metadata)]))
    }

    /// Merges into the status: through the status subresource, or into the object where there is none.
    func patchStatus(_ target: Target, resourceVersion: String, status: JSONObject) async throws(Failure) {
        let body: JSONObject = [
            "metadata": .object(["resourceVersion": .string(resourceVersion)]), "status": .object(status),
        ]
        do throws(Failure) {
            _ = try await send(.patch, "\(target.path)/status", body: body)
        } catch {
            guard error.code == .notFound else { throw error }
            _ = try await send(.patch, target.path, body: body)
        }
    }

    private func state(_ body: [UInt8]) throws(Failure) -> ArgoRolloutState {
        guard let state = ArgoRolloutState(json: body) else {
            throw Failure(code: .refused, message: "The Kubernetes API answered with something that is no Rollout.")
        }
        return state
    }

    private func send(_ method: HTTPMethod, _ path: String, body: JSONObject?) async throws(Failure) -> [UInt8] {
        var headers: HTTPHeaders = ["Accept": "application/json"]
        // Custom resources know no strategic merge patch (415).
        if body != nil { headers["Content-Type"] = "application/merge-patch+json" }
        let request = HTTPRequest(
            method: method,
            url: server + path,
            headers: headers,
            body: body.map { JSONValue.object($0).jsonBytes },
            timeout: timeout,
            maximumResponseBytes: 4 << 20
        )
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.execute(request)
        } catch {
            throw Failure(
                code: error.isTransient ? .unavailable : .refused,
                message: "The Kubernetes API was not reached: \(error)"
            )
        }
        guard !response.isSuccess else { return response.body }
        throw failure(response, request)
    }

    private func failure(_ response: HTTPResponse, _ request: HTTPRequest) -> Failure {
        let code: Failure.Code =
            switch response.status {
            case 404: .notFound
            case 409: .conflict
            // The token of a service account may be being renewed.
            case 401, 408, 429, 500..<600: .unavailable
            default: .refused
            }
        let status = try? JSONParser.parse(response.body, maximumDepth: 16).object
        let reason = status?["message"]?.text.map { ": " + Text.oneLine($0) } ?? "."
        return Failure(
            code: code,
            message: "The Kubernetes API answered \(request.method.rawValue) with status \(response.status)\(reason)",
            retryAfter: response.headers["Retry-After"]
        )
    }
}
