import HTTPTransport
import Kubernetes
import Synchronization

/// An API server for Rollouts that keeps the real one's rules: optimistic locking, patch types, subresources, types.
final class MockKubernetesAPI: HTTPExecuting {
    struct Write: Sendable, Equatable {
        var path: String
        var body: KubernetesValue
    }

    struct State {
        var objects: [String: KubernetesValue] = [:]
        var version: Int64 = 100
        var hasStatusSubresource = true
        var refusal: HTTPResponse?
        var failure: HTTPError?
        /// Every patch that came, applied or not.
        var writes: [Write] = []
        var requests: [HTTPRequest] = []
        /// What the cluster's controller makes of an object that was patched, a number of times.
        var controller: (@Sendable (inout KubernetesValue) -> Void)?
        var controllerRuns = 0
    }

    private let state = Mutex(State())

    var writes: [Write] { state.withLock { $0.writes } }
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func change(_ body: @Sendable (inout State) -> Void) {
        state.withLock { body(&$0) }
    }

    /// Stores an object as a controller would write it, with a new resource version.
    func put(_ object: KubernetesValue, namespace: String = "shop", name: String = "cart") {
        state.withLock { _ = Self.store(object, at: Self.path(namespace, name), in: &$0) }
    }

    func object(namespace: String = "shop", name: String = "cart") -> KubernetesValue? {
        state.withLock { $0.objects[Self.path(namespace, name)] }
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let result: Result<HTTPResponse, HTTPError> = state.withLock { state in
            state.requests.append(request)
            if let failure = state.failure { return .failure(failure) }
            return .success(Self.answer(request, &state))
        }
        return try result.get()
    }

    private static func answer(_ request: HTTPRequest, _ state: inout State) -> HTTPResponse {
        if let refusal = state.refusal { return refusal }
        let withoutHost = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).last ?? ""
        let target = "/" + withoutHost.prefix { $0 != "?" }
        let isStatus = target.hasSuffix("/status")
        let path = isStatus ? String(target.dropLast("/status".count)) : target
        guard let object = state.objects[path], !isStatus || state.hasStatusSubresource else {
            return failure(404, "the server could not find the requested resource")
        }
        if request.method == .get { return success(object) }
        guard request.method == .patch else { return failure(405, "method not allowed") }
        return patch(object, request, path: path, isStatus: isStatus, &state)
    }

    private static func patch(
        _ object: KubernetesValue,
        _ request: HTTPRequest,
        path: String,
        isStatus: Bool,
        _ state: inout State
    ) -> HTTPResponse {
        guard let body = try? KubernetesValue(json: request.body ?? []) else { return failure(400, "not JSON") }
        state.writes.append(Write(path: isStatus ? path + "/status" : path, body: body))
        var patched: KubernetesValue
        switch request.headers["Content-Type"] {
        case "application/merge-patch+json":
            patched = merge(object, body)
        case "application/json-patch+json":
            guard let result = apply(operations: body, to: object) else {
                return failure(422, "the server rejected our request due to an error in our request")
            }
            patched = result
        default:
            return failure(
                415,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json"
            )
        }
        guard patched["metadata"]?["resourceVersion"] == object["metadata"]?["resourceVersion"] else {
            return failure(
                409,
                "Operation cannot be fulfilled on rollouts.argoproj.io \"cart\": the object has been modified; "
                    + "please apply your changes to the latest version and try again"
            )
        }
        if let wrong = wrongType(patched) { return failure(422, "Rollout.argoproj.io \"cart\" is invalid: \(wrong)") }
        // Each of the two resources ignores the other's part.
        if state.hasStatusSubresource {
            patched[set: isStatus ? "spec" : "status"] = object[isStatus ? "spec" : "status"]
        }
        guard patched != object else { return success(object) }
        if patched["spec"] != object["spec"], let generation = object["metadata"]?["generation"]?.integer {
            patched[set: "metadata"]?[set: "generation"] = .integer(generation + 1)
        }
        let answer = store(patched, at: path, in: &state)
        if let controller = state.controller, state.controllerRuns > 0 {
            state.controllerRuns -= 1
            var changed = answer
            controller(&changed)
            store(changed, at: path, in: &state)
        }
        return success(answer)
    }

    @discardableResult
    private static func store(_ object: KubernetesValue, at path: String, in state: inout State) -> KubernetesValue {
        state.version += 1
        var object = object
        object[set: "metadata"]?[set: "resourceVersion"] = .string(String(state.version))
        state.objects[path] = object
        return object
    }

    private static func path(_ namespace: String, _ name: String) -> String {
        "/apis/argoproj.io/v1alpha1/namespaces/\(namespace)/rollouts/\(name)"
    }

    /// RFC 7386.
    private static func merge(_ target: KubernetesValue, _ patch: KubernetesValue) -> KubernetesValue {
        guard case .object(let changes) = patch else { return patch }
        var members = target.members ?? [:]
        for (name, change) in changes {
            members[name] = change == .null ? nil : merge(members[name] ?? .object([:]), change)
        }
        return .object(members)
    }

    /// `test` and `replace` of RFC 6902.
    private static func apply(operations: KubernetesValue, to object: KubernetesValue) -> KubernetesValue? {
        var object = object
        for operation in operations.elements ?? [] {
            guard let pointer = operation["path"]?.text, let value = operation["value"] else { return nil }
            let names = pointer.split(separator: "/").map(String.init)
            switch operation["op"]?.text {
            case "test":
                guard names.reduce(object as KubernetesValue?, { $0?[$1] }) == value else { return nil }
            case "replace":
                let change = names.reversed().reduce(value) { .object([$1: $0]) }
                object = merge(object, change)
            default: return nil
            }
        }
        return object
    }

    private static func wrongType(_ object: KubernetesValue) -> String? {
        for (part, field) in [("spec", "paused"), ("status", "abort"), ("status", "promoteFull")] {
            if let value = object[part]?[field], value.bool == nil {
                return "\(part).\(field): must be of type boolean"
            }
        }
        if let index = object["status"]?["currentStepIndex"], case .integer = index { return nil }
        return object["status"]?["currentStepIndex"].map { _ in "status.currentStepIndex: must be of type integer" }
    }

    private static func success(_ object: KubernetesValue) -> HTTPResponse {
        HTTPResponse(status: 200, body: (try? object.json()) ?? [])
    }

    static func failure(_ status: Int, _ message: String, headers: HTTPHeaders = [:]) -> HTTPResponse {
        let body: KubernetesValue = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string(message),
            "code": .integer(Int64(status)),
        ]
        return HTTPResponse(status: status, headers: headers, body: (try? body.json()) ?? [])
    }
}

extension KubernetesValue {
    /// A member that can be set; nil takes it out.
    subscript(set name: String) -> KubernetesValue? {
        get { members?[name] }
        set {
            guard var members else { return }
            members[name] = newValue
            self = .object(members)
        }
    }
}
