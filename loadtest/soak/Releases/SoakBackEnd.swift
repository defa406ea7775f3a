import Foundation
import SeededRandom
import Synchronization
import SyntheticBackEnd

/// What the service and the controller ask: the metrics back end, and the webhook that performs actions.
///
/// A series is a function of the labels of its query: every application has both tracks of every metric.
final class SoakBackEnd: Sendable {
    private let server = BackEndServer()
    private let received = Mutex<[WebhookAction]>([])

    /// Bytes of each of the pieces that a large answer consists of.
    private static let piece = 64 << 10
    private static let large = (30 << 20) / piece

    var actions: [WebhookAction] { received.withLock { $0 } }

    /// Listens on 127.0.0.1 and returns the port.
    func start() async throws -> Int {
        try await server.start { [self] path, body, _ in (answer(path: path, body: body), 0) }
    }

    func stop() async {
        await server.stop()
    }

    func answer(path: String, body: [UInt8]) -> QueryAnswer {
        switch path {
        case "/api/v1/query_range": return Self.range(body)
        // What a process asks at its start.
        case "/api/v1/query": return Self.text(#"{"status":"success","data":{}}"#)
        case "/-/ready": return Self.text("Prometheus Server is Ready.\n")
        case "/rollout":
            guard let action = try? JSONDecoder().decode(WebhookAction.self, from: Data(body)) else {
                return Self.text("no action", status: 400)
            }
            received.withLock { $0.append(action) }
            return Self.text("{}")
        default: return Self.text("404 page not found\n", status: 404)
        }
    }

    private static func text(_ text: String, status: Int = 200) -> QueryAnswer {
        QueryAnswer(status: status, body: Array(text.utf8))
    }

    private static func range(_ body: [UInt8]) -> QueryAnswer {
        let query: RangeQuery
        do throws(RangeQuery.Refusal) { query = try RangeQuery(form: body) } catch {
            return .error(400, "bad_data", error.message)
        }
        guard let selector = Selector(query.query) else {
            return .error(400, "bad_data", "only plain selectors are understood")
        }
        let labels = selector.sorted
        func value(_ name: String) -> String { labels.first { $0.name == name }?.value ?? "" }
        let metric = value("__name__")
        if metric.hasPrefix("soak_large_") { return samplesWithoutEnd(times: large) }
        if metric.hasPrefix("soak_endless_") { return samplesWithoutEnd(times: nil) }
        let isBroken = GoodRelease(application: value("app"))?.isBroken ?? false
        let hash = labels.reduce(into: UInt64(1)) { hash, label in
            for byte in label.value.utf8 { hash = SeededGenerator.mix(hash ^ UInt64(byte)) }
        }
        let series = SyntheticSeries(
            labels: labels,
            seed: hash,
            seconds: 0...Int64.max / 1000,
            badFrom: isBroken && value("track") == "canary" ? 0 : nil
        )
        return .matrix(query, of: [series])
    }

    /// An answer that goes on and on.
    private static func samplesWithoutEnd(times: Int?) -> QueryAnswer {
        let sample = Array(#"[1700000000,"1"],"#.utf8)
        let bytes = Array(repeatElement(sample, count: piece / sample.count).joined())
        return QueryAnswer(
            status: 200,
            body: Array(#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":["#.utf8),
            continuation: .init(bytes, times: times)
        )
    }
}

/// What the controller asks the webhook to do.
struct WebhookAction: Sendable, Equatable, Decodable {
    var application: String
    var action: String
}
