import Foundation
import Grafana
import HTTPTransport
import Synchronization

/// Answers as Grafana's annotation API does, and keeps what is made. Troubles are for the requests that come next.
final class ScriptedGrafana: HTTPExecuting {
    enum Trouble: Sendable {
        /// It takes effect, and its answer does not arrive.
        case lostAnswer
        /// No answer; it takes effect when `arrive` is called.
        case late
        case status(Int, retryAfter: String? = nil)
        case none
    }

    struct Kept: Sendable, Equatable {
        var text: String
        var time: Int64
        var timeEnd: Int64
        var tags: [String]
        var dashboardUID: String?
        var panelId: Int64?

        var isRegion: Bool { timeEnd > time }
    }

    fileprivate struct State {
        var kept: [Int64: Kept] = [:]
        var last: Int64 = 0
        var requests: [String] = []
        var troubles: [Trouble] = []
        var late: [Kept] = []
        var isDown = false
        var after: (@Sendable () async -> Void)?
    }

    static let url = "http://grafana"

    private let state = Mutex(State())

    var client: GrafanaClient { GrafanaClient(baseURL: Self.url, http: self, unixSeconds: { 1_000 }) }
    /// Method and path.
    var requests: [String] { state.withLock { $0.requests } }
    var kept: [Kept] { state.withLock { state in state.kept.sorted { $0.key < $1.key }.map(\.value) } }
    var regions: [Kept] { kept.filter(\.isRegion) }
    var points: [Kept] { kept.filter { !$0.isRegion } }

    func meet(_ troubles: Trouble...) { state.withLock { $0.troubles += troubles } }
    func isDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }
    /// A person deletes everything.
    func clear() { state.withLock { $0.kept = [:] } }
    /// Happens once what is made next has been made, before it is answered.
    func afterNext(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.after = body } }
    func arrive() {
        state.withLock { state in
            for late in state.late { state.add(late) }
            state.late = []
        }
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let answer = state.withLock { $0.answer(request) }
        if request.method == .post {
            let after = state.withLock { state in
                defer { state.after = nil }
                return state.after
            }
            await after?()
        }
        return try answer.get()
    }
}

extension ScriptedGrafana.State {
    fileprivate mutating func add(_ annotation: ScriptedGrafana.Kept) {
        last += 1
        kept[last] = annotation
    }

    fileprivate mutating func answer(_ request: HTTPRequest) -> Result<HTTPResponse, HTTPError> {
        if isDown { return .failure(HTTPError(.unreachable, "refused")) }
        let rest = String(request.url.dropFirst("\(ScriptedGrafana.url)/api/annotations".count))
        requests.append("\(request.method.rawValue) \(rest.prefix { $0 != "?" })")
        let trouble = troubles.isEmpty ? .none : troubles.removeFirst()
        switch trouble {
        case .status(let status, let wait):
            var headers: HTTPHeaders = [:]
            headers["Retry-After"] = wait
            return .success(HTTPResponse(status: status, headers: headers, body: Array(#"{"message":"no"}"#.utf8)))
        case .late:
            if let annotation = annotation(request) { late.append(annotation) }
            return .failure(HTTPError(.timedOut, "no answer in time"))
        case .lostAnswer:
            _ = perform(request, rest)
            return .failure(HTTPError(.timedOut, "no answer in time"))
        case .none:
            return .success(perform(request, rest))
        }
    }

    private func body(_ request: HTTPRequest) -> [String: Any] {
        request.body.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) } as? [String: Any] ?? [:]
    }

    private func annotation(_ request: HTTPRequest) -> ScriptedGrafana.Kept? {
        let body = body(request)
        guard let text = body["text"] as? String, let time = (body["time"] as? NSNumber)?.int64Value else { return nil }
        return ScriptedGrafana.Kept(
            text: text,
            time: time,
            timeEnd: (body["timeEnd"] as? NSNumber)?.int64Value ?? time,
            tags: body["tags"] as? [String] ?? [],
            dashboardUID: body["dashboardUID"] as? String,
            panelId: (body["panelId"] as? NSNumber)?.int64Value
        )
    }

    private mutating func perform(_ request: HTTPRequest, _ rest: String) -> HTTPResponse {
        switch request.method {
        case .post:
            guard let annotation = annotation(request), !annotation.text.isEmpty,
                // As Grafana counts them.
                annotation.tags.reduce(1, { $0 + $1.utf8.count + 3 }) <= 500
            else { return answer(400) }
            add(annotation)
            return answer(200, #"{"message":"Annotation added","id":\#(last)}"#)
        case .patch:
            guard let id = Int64(rest.dropFirst()), var found = kept[id] else { return answer(404) }
            let body = body(request)
            found.text = body["text"] as? String ?? found.text
            found.timeEnd = (body["timeEnd"] as? NSNumber)?.int64Value ?? found.timeEnd
            found.tags = body["tags"] as? [String] ?? found.tags
            kept[id] = found
            return answer(200)
        case .delete:
            guard let id = Int64(rest.dropFirst()), kept.removeValue(forKey: id) != nil else { return answer(404) }
            return answer(200)
        default: return find(rest)
        }
    }

    private func find(_ query: String) -> HTTPResponse {
        let items = URLComponents(string: query)?.queryItems ?? []
        func number(_ name: String) -> Int64? { items.first { $0.name == name }?.value.flatMap { Int64($0) } }
        let tags = items.filter { $0.name == "tags" }.compactMap(\.value)
        let dashboard = items.first { $0.name == "dashboardUID" }?.value
        let found = kept.sorted { $0.key > $1.key }.filter { _, annotation in
            tags.allSatisfy(annotation.tags.contains) && annotation.time <= number("to") ?? .max
                && annotation.timeEnd >= number("from") ?? 0
                && (dashboard == nil || annotation.dashboardUID == dashboard)
        }.prefix(Int(number("limit") ?? 100)).map { id, annotation in
            [
                "id": id, "text": annotation.text, "time": annotation.time, "timeEnd": annotation.timeEnd,
                "tags": annotation.tags, "dashboardId": annotation.dashboardUID == nil ? 0 : 7,
                "dashboardUID": annotation.dashboardUID as Any? ?? NSNull(), "panelId": annotation.panelId ?? 0,
            ] as [String: Any]
        }
        let data = (try? JSONSerialization.data(withJSONObject: found)) ?? Data()
        return answer(200, String(decoding: data, as: UTF8.self))
    }

    private func answer(_ status: Int, _ body: String = #"{"message":"as said"}"#) -> HTTPResponse {
        HTTPResponse(status: status, headers: [:], body: Array(body.utf8))
    }
}
