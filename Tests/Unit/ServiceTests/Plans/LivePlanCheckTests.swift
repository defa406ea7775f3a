import Analysis
import Engine
import Foundation
import HTTPTestServer
import HTTPTransport
import PlanFormats
import Prometheus
import Testing

@testable import Service

@Suite("A plan tried against what the metrics back end has")
struct LivePlanCheckTests {
    /// The series of a query, by their labels as JSON, and the value at each instant.
    typealias Series = [(labels: String, value: String)]

    private static func check(
        _ metric: String,
        control: String = "{labels: {track: stable}}",
        warning: String? = nil,
        extra: String = "",
        _ series: @escaping @Sendable (String) -> Series
    ) async throws -> (isGood: Bool, lines: [String]) {
        let text = """
            name: p
            schedule: {step: 15s, interval: 1m, lifetime: 15m, delay: 0s}
            \(extra)
            scopes:
              control: \(control)
              experiment: {labels: {track: canary}}
            metrics:
              - name: m
                \(metric.replacing("\n", with: "\n    "))
            """
        let plan = try PlanReader().readInline(text).plan
        let stub = StubExecutor { request in
            let text =
                (request.url.split(separator: "?").dropFirst().first.map(String.init) ?? "")
                + String(decoding: request.body ?? [], as: UTF8.self)
            var parameters: [String: String] = [:]
            for pair in text.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1).map {
                    String($0).replacing("+", with: " ").removingPercentEncoding ?? ""
                }
                if parts.count == 2 { parameters[parts[0]] = parts[1] }
            }
            let (start, end) = (Double(parameters["start"] ?? "") ?? 0, Double(parameters["end"] ?? "") ?? 0)
            let found = series(parameters["query"] ?? "").map { labels, value in
                let values = stride(from: start, through: end, by: 15).map { "[\($0),\"\(value)\"]" }
                return #"{"metric":{\#(labels)},"values":[\#(values.joined(separator: ","))]}"#
            }
            var body = PrometheusAnswers.matrix(found.joined(separator: ","))
            if let warning { body.replace(#"{"status""#, with: #"{"warnings":["\#(warning)"],"status""#) }
            return .success(HTTPResponse(status: 200, body: Array(body.utf8)))
        }
        let check = LivePlanCheck(PrometheusClient(baseURL: "http://p", http: stub), clock: SystemClock())
        let release = LiveRelease(
            application: "shop",
            environment: "test",
            version: "1",
            namespace: nil,
            control: [:],
            experiment: [:],
            weight: 10
        )
        let report = try await check.report(of: plan, for: release)
        #expect(report.outage == nil)
        return (report.isGood, report.lines)
    }

    private static let bad = #"sum(rate(http_total{${scope}, code=~"5.."}[15s]))"#
    private static let all = "sum(rate(http_total{${scope}}[15s]))"
    private static let counts = "errors: \(bad) or vector(0)\nrequests: \(all)"

    /// Twenty requests a second on the canary, 180 on the others, each hundredth of which fails.
    private static func answers(_ query: String) -> Series {
        let requests = query.contains("canary") ? 20.0 : 180
        guard query.contains("5..") else { return [("", "\(requests)")] }
        return [("", "\(requests / 100)")]
    }

    @Test("What is as it should be is told so") func good() async throws {
        let (isGood, lines) = try await Self.check(Self.counts, Self.answers)
        #expect(isGood, "\(lines)")
        #expect(!lines.contains { $0.contains("vector(0)") }, "\(lines)")
    }

    @Test("An errors query that selects nothing is not taken for one without errors")
    func withoutZeros() async throws {
        let queries = [
            (Self.counts, "the errors query has no series without `or vector(0)`"),
            (
                "query: (\(Self.bad) or vector(0)) / \(Self.all)",
                "the errors query has no series without `or vector(0)`"
            ),
            ("query: sum(queue{${scope}}) or vector(0)", "the query has no series without `or vector(0)`"),
        ]
        for (metric, text) in queries {
            let (_, lines) = try await Self.check(metric) { query in
                guard query.contains("5..") || query.contains("queue") else { return Self.answers(query) }
                return query.contains("vector(0)") ? [("", "0")] : []
            }
            #expect(lines.contains { $0.contains(text) }, "\(lines)")
            let (_, seen) = try await Self.check(metric) { query in
                // One side has had some.
                guard query.contains("5..") || query.contains("queue"), query.contains("canary") else {
                    return Self.answers(query)
                }
                return query.contains("vector(0)") ? [("", "0")] : []
            }
            #expect(!seen.contains { $0.contains("has no series without") }, "\(seen)")
        }
    }

    @Test("The counts are asked for by their labels", arguments: ["pods", "strata", "newValues"])
    func byLabel(key: String) async throws {
        let metric = Self.counts + "\n\(key): {label: pod}"
        let pods: @Sendable (String) -> Series = { query in
            guard query.contains("by (pod)") else { return Self.answers(query) }
            return ["a", "b"].map { (#""pod":"\#($0)""#, query.contains("5..") ? "0.1" : "10") }
        }
        let (isGood, lines) = try await Self.check(metric, pods)
        #expect(isGood, "\(lines)")
        #expect(lines.contains { $0.contains(/m \(errors by pod\) +experiment +2 .* ok, by pod/) }, "\(lines)")
        let (isGoodWithout, without) = try await Self.check(metric, Self.answers)
        #expect(!isGoodWithout && without.contains { $0.contains("no series has the label pod") }, "\(without)")
        let (isGoodMany, many) = try await Self.check(metric) { query in
            guard query.contains("by (pod)") else { return Self.answers(query) }
            return (0..<300).map { (#""pod":"p\#($0)""#, "1") }
        }
        #expect(!isGoodMany && many.contains { $0.contains("300 values of pod") }, "\(many)")
    }

    @Test(
        "What no judge can use is no good answer",
        arguments: [
            ("+Inf", "samples are infinite or below 0"), ("-5", "samples are infinite or below 0"),
            ("0", "no requests: without traffic nothing is compared"),
            ("NaN", "all samples are NaN, which count as none: the analysis would wait"),
        ]
    )
    func unusable(value: String, text: String) async throws {
        let (isGood, lines) = try await Self.check(Self.counts) { query in
            query.contains("canary") && !query.contains("5..") ? [("", value)] : Self.answers(query)
        }
        #expect(!isGood && lines.contains { $0.contains("experiment") && $0.contains(text) }, "\(lines)")
    }

    @Test("A plan that asks for more requests than come can never decide") func tooFewRequests() async throws {
        let text = "m: can never decide with this traffic"
        for (minimum, isMet) in [("1000", true), ("1000000", false)] {
            let (isGood, lines) = try await Self.check(
                Self.counts,
                extra: "sequential: {minimumRequests: \(minimum)}",
                Self.answers
            )
            #expect(isGood == isMet && lines.contains { $0.contains(text) } != isMet, "\(lines)")
        }
    }

    @Test("An answer that may lack something holds") func partial() async throws {
        let (isGood, lines) = try await Self.check(Self.counts, warning: "a store is away", Self.answers)
        #expect(!isGood, "\(lines)")
        #expect(
            lines.contains { $0.contains("incomplete, so that the analysis would wait: a store is away") },
            "\(lines)"
        )
    }

    @Test("Histograms need the same bounds, and all requests")
    func histograms() async throws {
        let metric = "buckets: sum by (le) (rate(http_seconds_bucket{${scope}}[15s]))"
        @Sendable func buckets(_ bounds: [String]) -> Series {
            bounds.enumerated().map { (#""le":"\#($1)""#, "\($0 + 1)") }
        }
        let usual = ["0.1", "0.5", "+Inf"]
        for (canary, text) in [
            (usual, nil), (["0.2", "0.5", "+Inf"], "have different bounds"), (["0.1", "0.5"], #"no bucket le="+Inf""#),
        ] as [([String], String?)] {
            let (isGood, lines) = try await Self.check(metric) { query in
                // The sides differ, as real ones do.
                buckets(query.contains("canary") ? canary : usual).map {
                    ($0.labels, query.contains("canary") ? $0.value + "0" : $0.value)
                }
            }
            #expect(isGood == (text == nil), "\(lines)")
            if let text { #expect(lines.contains { $0.contains(text) }, "\(lines)") }
        }
    }

    @Test("Of a past without anything nothing is a multiple") func zerosBefore() async throws {
        let (isGood, lines) = try await Self.check("query: sum(queue{${scope}})", control: "{before: 1d}") { _ in
            [("", "0")]
        }
        #expect(!isGood && lines.contains { $0.contains("the past is all 0") }, "\(lines)")
    }
}
