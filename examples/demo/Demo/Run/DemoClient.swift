import Foundation
import HTTPTransport

/// The demo's own requests: to the shop, to Prometheus and to `assay serve`.
struct DemoClient: Sendable {
    let http: any HTTPExecuting
    /// How long an answer may take.
    var patience: Duration = .seconds(2)

    /// Whether the answer is 2xx.
    func isReady(_ url: String) async -> Bool? {
        let request = HTTPRequest(url: url, timeout: patience, maximumResponseBytes: 1 << 20)
        return (try? await http.execute(request))?.isSuccess == true ? true : nil
    }

    func shop(at url: String) async -> ShopReport? {
        let request = HTTPRequest(url: "\(url)/admin/state", timeout: patience, maximumResponseBytes: 1 << 20)
        guard let response = try? await http.execute(request), response.isSuccess else { return nil }
        return try? JSONDecoder().decode(ShopReport.self, from: Data(response.body))
    }

    /// Starts a canary and returns its revision.
    func release(_ release: DemoRelease, weight: Int, shop url: String) async throws -> String {
        let order = Order(
            version: release.version,
            weight: weight,
            errorRatio: release.behaviour.errorRatio,
            latencyMilliseconds: release.behaviour.latencyMilliseconds,
            jitterMilliseconds: release.behaviour.jitterMilliseconds
        )
        let request = HTTPRequest(
            method: .post,
            url: "\(url)/admin/releases",
            headers: ["Content-Type": "application/json"],
            body: Array(try JSONEncoder().encode(order)),
            timeout: .seconds(5)
        )
        let response = try await http.execute(request)
        guard response.status == 201,
            let started = try? JSONDecoder().decode(Started.self, from: Data(response.body))
        else {
            let answer = String(decoding: response.body.prefix(500), as: UTF8.self)
            throw DemoFailure("The shop refused release \(release.version): \(answer)")
        }
        return started.revision
    }

    /// Whether Prometheus answers an instant query with at least one sample.
    func hasData(_ query: String, prometheus url: String) async -> Bool? {
        guard let text = query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else { return nil }
        let request = HTTPRequest(
            url: "\(url)/api/v1/query?query=\(text)",
            timeout: patience,
            maximumResponseBytes: 1 << 20
        )
        guard let response = try? await http.execute(request), response.isSuccess,
            let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body))
        else { return nil }
        return answer.data.result.isEmpty ? nil : true
    }

    private struct Order: Encodable {
        var version: String
        var weight: Int
        var errorRatio: Double
        var latencyMilliseconds: Double
        var jitterMilliseconds: Double
    }

    private struct Started: Decodable {
        var revision: String
    }

    private struct Answer: Decodable {
        struct Result: Decodable {}
        struct Payload: Decodable {
            var result: [Result]
        }
        var data: Payload
    }
}
