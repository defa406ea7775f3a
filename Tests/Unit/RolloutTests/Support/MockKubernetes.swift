import EventFormats
import HTTPTransport
import JSON
import Synchronization

/// A Kubernetes API server with one Rollout, by the real rules: merge patches (RFC 7386), a resource version that must
/// match where it is given, and a status subresource that takes the status only.
final class MockKubernetes: HTTPExecuting {
    static let path = "/apis/argoproj.io/v1alpha1/namespaces/shop-prod/rollouts/shop"

    fileprivate struct State {
        var object: JSONObject
        var version: Int64 = 100
        var hasStatusSubresource = true
        var requests: [String] = []
        var events: [JSONObject] = []
        var refusesRecords = false
        /// Answers given instead of the real one, by how the request starts.
        var refusals: [(prefix: String, response: HTTPResponse)] = []
        /// Changes by others, each made before one request that starts so.
        var changes: [(prefix: String, patch: JSONObject)] = []
    }

    private let state: Mutex<State>

    init(_ object: JSONObject) {
        var object = object
        object["metadata"] = Self.merge(object["metadata"], .object(["resourceVersion": .string("100")]))
        state = Mutex(State(object: object))
    }

    /// `METHOD path-suffix body` of every request so far.
    var requests: [String] { state.withLock { $0.requests } }
    /// What changes the Rollout, without what is written on it afterwards.
    var patches: [String] { requests.filter { $0.hasPrefix("PATCH") && !$0.contains(#"dev/action""#) } }
    /// Events that were created.
    var events: [JSONObject] { state.withLock { $0.events } }
    var object: JSONObject { state.withLock { $0.object } }

    func removeStatusSubresource() { state.withLock { $0.hasStatusSubresource = false } }

    /// Refuses what is written on the Rollout about an action.
    func refuseRecords() { state.withLock { $0.refusesRecords = true } }

    /// An answer by something in between.
    func answer(_ prefix: String, status: Int, body: String) {
        let response = HTTPResponse(status: status, body: Array(body.utf8))
        state.withLock { $0.refusals.append((prefix, response)) }
    }

    func refuse(_ prefix: String, status: Int, message: String = "no") {
        let body = JSONValue.object(["kind": .string("Status"), "message": .string(message)]).jsonBytes
        let response = HTTPResponse(status: status, headers: ["Retry-After": "3"], body: body)
        state.withLock { $0.refusals.append((prefix, response)) }
    }

    /// A change by another client, made just before the next request that starts so.
    func change(before prefix: String, _ patch: JSONObject) {
        state.withLock { $0.changes.append((prefix, patch)) }
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        state.withLock { $0.answer(request) }
    }

    fileprivate static func merge(_ old: JSONValue?, _ patch: JSONValue) -> JSONValue {
        guard let patch = patch.object else { return patch }
        var merged = old?.object ?? JSONObject()
        for (name, value) in patch.members {
            merged[name] = value == .null ? nil : merge(merged[name], value)
        }
        return .object(merged)
    }
}

extension MockKubernetes.State {
    fileprivate mutating func answer(_ request: HTTPRequest) -> HTTPResponse {
        if request.method == .post, request.url.contains("/api/v1/namespaces/shop-prod/events?") {
            if let refusal = refusals.first(where: { $0.prefix == "POST" }) { return refusal.response }
            guard let event = try? JSONParser.parse(request.body ?? [], maximumDepth: 16).object else {
                return Self.status(400, "not JSON")
            }
            events.append(event)
            return HTTPResponse(status: 201, body: JSONValue.object(event).jsonBytes)
        }
        guard request.url.hasPrefix("https://kubernetes.test" + MockKubernetes.path) else {
            return Self.status(404, "the server could not find the requested resource")
        }
        let rest = request.url.dropFirst("https://kubernetes.test".count + MockKubernetes.path.count)
        let subresource = String(rest.prefix { $0 != "?" })
        let start = "\(request.method.rawValue) \(subresource)"
        requests.append("\(start) \(String(decoding: request.body ?? [], as: UTF8.self))")
        if refusesRecords, requests.last?.contains(#"dev/action""#) == true { return Self.status(403, "no") }
        if let index = changes.firstIndex(where: { start.hasPrefix($0.prefix) }) {
            apply(changes.remove(at: index).patch)
        }
        if let refusal = refusals.first(where: { start.hasPrefix($0.prefix) }) { return refusal.response }
        switch (request.method, subresource) {
        case (.get, ""): return HTTPResponse(status: 200, body: JSONValue.object(object).jsonBytes)
        case (.patch, ""), (.patch, "/status"): return patch(request, isStatus: subresource == "/status")
        default: return Self.status(405, "method not allowed")
        }
    }

    private mutating func patch(_ request: HTTPRequest, isStatus: Bool) -> HTTPResponse {
        guard !isStatus || hasStatusSubresource else {
            return Self.status(404, "the server could not find the requested resource")
        }
        guard request.headers["Content-Type"] == "application/merge-patch+json" else {
            return Self.status(415, "the body of the request was in an unknown format")
        }
        guard var patch = try? JSONParser.parse(request.body ?? [], maximumDepth: 16).object else {
            return Self.status(400, "not JSON")
        }
        let given = patch["metadata"]?.object?["resourceVersion"]
        guard given == nil || given == .string(String(version)) else {
            return Self.status(409, "the object has been modified; please apply your changes to the latest version")
        }
        if let index = patch["status"]?.object?["currentStepIndex"], case .string = index {
            return Self.status(422, "status.currentStepIndex: Invalid value")
        }
        if hasStatusSubresource {
            for name in isStatus ? ["metadata", "spec"] : ["status"] { patch[name] = nil }
        }
        apply(patch)
        return HTTPResponse(status: 200, body: JSONValue.object(object).jsonBytes)
    }

    private mutating func apply(_ patch: JSONObject) {
        version += 1
        var merged = MockKubernetes.merge(.object(object), .object(patch)).object ?? object
        merged["metadata"] = MockKubernetes.merge(
            merged["metadata"],
            .object(["resourceVersion": .string(String(version))])
        )
        object = merged
    }

    private static func status(_ code: Int, _ message: String) -> HTTPResponse {
        let body: JSONObject = ["kind": .string("Status"), "code": .integer(code), "message": .string(message)]
        return HTTPResponse(status: code, body: JSONValue.object(body).jsonBytes)
    }
}
