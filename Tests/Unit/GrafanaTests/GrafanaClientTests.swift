import Foundation
import Grafana
import HTTPTransport
import Synchronization
import Testing

/// Grafana's annotation API as its published description has it: methods, paths, required fields and types.
private final class GrafanaStub: HTTPExecuting {
    struct Kept: Sendable {
        var text: String
        var time: Int64
        var timeEnd: Int64
        var tags: [String]
    }

    let kept = Mutex<[Int64: Kept]>([:])
    let refusals = Mutex<[Int]>([])

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if let status = refusals.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            return answer(status, #"{"message":"refused"}"#)
        }
        let path = request.url.replacing("http://grafana/prefix/api/annotations", with: "")
        let body = request.body.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) } as? [String: Any]
        switch request.method {
        case .post where path.isEmpty: return create(body)
        case .patch: return patch(Int64(path.dropFirst()), body)
        case .get where path.hasPrefix("?"): return find(path)
        default: return answer(404, #"{"message":"Not found"}"#)
        }
    }

    private func create(_ body: [String: Any]?) -> HTTPResponse {
        guard let body, isKnown(body), let text = body["text"] as? String, !text.isEmpty else {
            return answer(400, #"{"message":"Failed to save annotation"}"#)
        }
        let time = (body["time"] as? NSNumber)?.int64Value ?? 1
        let end = (body["timeEnd"] as? NSNumber)?.int64Value ?? time
        let id = kept.withLock { kept in
            let id = Int64(kept.count + 1)
            kept[id] = Kept(
                text: text,
                time: min(time, end),
                timeEnd: max(time, end),
                tags: body["tags"] as? [String] ?? []
            )
            return id
        }
        return answer(200, #"{"message":"Annotation added","id":\#(id)}"#)
    }

    private func patch(_ id: Int64?, _ body: [String: Any]?) -> HTTPResponse {
        guard let body, isKnown(body) else { return answer(400, #"{"message":"bad request data"}"#) }
        return kept.withLock { kept in
            guard let id, var found = kept[id] else { return answer(404, #"{"message":"Annotation not found"}"#) }
            if let text = body["text"] as? String, !text.isEmpty { found.text = text }
            if let end = (body["timeEnd"] as? NSNumber)?.int64Value { found.timeEnd = end }
            if let tags = body["tags"] as? [String] { found.tags = tags }
            kept[id] = found
            return answer(200, #"{"message":"Annotation patched"}"#)
        }
    }

    private func find(_ query: String) -> HTTPResponse {
        let items = URLComponents(string: query)?.queryItems ?? []
        let tags = items.filter { $0.name == "tags" }.compactMap(\.value)
        let found = kept.withLock { kept in
            kept.filter { annotation in tags.allSatisfy { annotation.value.tags.contains($0) } }.map { id, annotation in
                ["id": id, "text": annotation.text, "time": annotation.time, "tags": annotation.tags] as [String: Any]
            }
        }
        let data = (try? JSONSerialization.data(withJSONObject: found)) ?? Data()
        return HTTPResponse(status: 200, headers: [:], body: [UInt8](data))
    }

    private func isKnown(_ body: [String: Any]) -> Bool {
        let types: [String: (Any) -> Bool] = [
            "text": { $0 is String }, "time": { $0 is NSNumber }, "timeEnd": { $0 is NSNumber },
            "tags": { $0 is [String] }, "dashboardUID": { $0 is String }, "panelId": { $0 is NSNumber },
        ]
        return body.allSatisfy { types[$0.key]?($0.value) ?? false }
    }

    private func answer(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
    }
}

@Suite struct GrafanaClientTests {
    private let grafana = GrafanaStub()
    private var client: GrafanaClient { GrafanaClient(baseURL: "http://grafana/prefix/", http: grafana) }

    @Test func createsFindsAndPatches() async throws {
        let id = try await client.create(
            Annotation(text: "shop 2.0: analysis abc", time: 1000, timeEnd: 2000, tags: ["assay", "app:shop"])
        )
        try await client.update(
            id,
            AnnotationPatch(text: "shop 2.0: pass", timeEnd: 5000, tags: ["assay", "verdict:pass"])
        )
        let kept = grafana.kept.withLock { $0[id] }
        #expect(kept?.text == "shop 2.0: pass")
        #expect(kept?.timeEnd == 5000)
        let found = try await client.find(tags: ["assay", "verdict:pass"], from: 0, to: 9000)
        #expect(found.map(\.id) == [id])
    }

    @Test(arguments: [
        (401, GrafanaError.Code.unauthorized, true), (403, .unauthorized, true), (400, .rejected, false),
        (404, .notFound, false), (429, .unavailable, true), (500, .unavailable, true), (502, .unavailable, true),
    ])
    func statusesBecomeErrors(status: Int, code: GrafanaError.Code, isTransient: Bool) async throws {
        grafana.refusals.withLock { $0 = [status] }
        do throws(GrafanaError) {
            _ = try await client.create(Annotation(text: "x"))
            Issue.record("no error")
        } catch {
            #expect(error.code == code)
            #expect(error.isTransient == isTransient)
            #expect(error.message == "Grafana answered \(status): refused")
        }
    }

    @Test func anEmptyTextIsRefusedAndAMissingAnnotationIsNotFound() async throws {
        await #expect(throws: GrafanaError.self) { _ = try await client.create(Annotation(text: "")) }
        do throws(GrafanaError) { try await client.update(99, AnnotationPatch(text: "x")) } catch {
            #expect(error.code == .notFound)
        }
    }

    @Test(arguments: [
        ("image:registry:5000/app:1.2", "image:registry-5000/app-1.2"), ("a\nb", "ab"), ("plain", "plain"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 100)),
    ])
    func tagsKeepOneColon(tag: String, expected: String) {
        #expect(AnnotationTag.sanitised(tag) == expected)
    }
}
