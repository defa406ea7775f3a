import Analysis
import Engine
import EventFormats
import Foundation
import Grafana
import HTTPTransport
import PlanFormats
import PromQLLexer
import Prometheus
import Store
import Synchronization
import Testing

/// What an event says goes from its bytes to the back ends, and is data all the way: in queries it stays inside of string
/// literals, and no address is asked but those that are configured.
@Suite struct EventConfinementTests {
    private static let addresses = [
        "http://prometheus.example/api/v1/query_range", "http://grafana.example/api/annotations",
        "http://webhook.example/verdicts",
    ]

    /// Answers every back end, and keeps what was asked.
    private final class BackEnds: HTTPExecuting {
        private let seen = Mutex<[HTTPRequest]>([])

        var requests: [HTTPRequest] { seen.withLock { $0 } }

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            seen.withLock { $0.append(request) }
            let empty = #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#
            let isQuery = request.url.contains("query_range")
            return HTTPResponse(status: 200, body: Array((isQuery ? empty : #"{"id":1,"message":"ok"}"#).utf8))
        }

        /// The queries as PromQL reads them.
        func queries() throws -> [[PromQLToken]] {
            try requests.filter { $0.url.contains("query_range") }.map { request in
                let form = String(decoding: request.body ?? [], as: UTF8.self).split(separator: "&")
                let parameter = try #require(form.first { $0.hasPrefix("query=") })
                let query = try #require(parameter.dropFirst("query=".count).removingPercentEncoding)
                return try PromQLToken.tokens(of: query)
            }
        }
    }

    private static let plan: AnalysisPlan = {
        var plan = EngineHarness.plan()
        plan.scopes = PlanScopes(
            control: .labels(["track": "stable", "cluster": "${cluster}"]),
            experiment: ["track": "canary", "version": "${version}"]
        )
        plan.events.labels = .replace
        plan.metrics[0].query = #"""
            sum(rate(e{app="${application}",env=~"${environment}|none",ns!~'x${namespace}',${scope},r="${revision}"}[1m]))
              / on (pod) label_replace(t{${scope}}, "v", "${version}", "track", "${scope.track}")
            """#
        return plan
    }()

    private static func event(_ value: String) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: value, id: value),
            application: value,
            environment: value,
            namespace: value,
            cluster: value,
            version: value,
            imageDigest: value,
            revision: value,
            workload: value,
            control: .labels(["track": value, "pod": value]),
            experiment: ["track": value, "pod": value, "address": value],
            weight: 20,
            traceparent: value
        )
    }

    /// Runs an analysis of what a producer sent; nil when the event was refused.
    private func run(_ value: String) async throws -> BackEnds? {
        let backEnds = BackEnds()
        var isTaken = false
        try await withDirectory { directory in
            let (record, headers) = CloudEventKafkaBinding.structured(DeployEventEncoder.encode(Self.event(value)))
            let intake = EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits())
            guard case .deploy(let event, _) = intake.readKafka(value: record, headers: headers) else { return }
            isTaken = true
            let harness = try EngineHarness(
                directory: directory,
                backEnd: PrometheusBackEnd(PrometheusClient(baseURL: "http://prometheus.example", http: backEnds)),
                clock: ManualClock(EngineHarness.start),
                sinks: [.verdicts, .annotations, .webhook],
                plan: Self.plan
            )
            let grafana = GrafanaClient(baseURL: "http://grafana.example", http: backEnds)
            let relays = [
                harness.relay(to: AnnotationSink(grafana: grafana, store: harness.store)),
                harness.relay(
                    to: WebhookSink(http: backEnds, url: Self.addresses[2], encoding: .init(source: "/assay"))
                ),
            ]
            try await harness.receive(event)
            for _ in 0..<20 {
                try await harness.run(for: 10)
                for relay in relays { await harness.deliver(relay) }
            }
            await harness.store.close()
        }
        return isTaken ? backEnds : nil
    }

    private static let hostile = [
        #""} or vector(1) #"#, #"'} or vector(1) #"#, "`} or vector(1) #", #"",track="canary"#, #"\"#, #"\""#, #"x\\"#,
        "$1", "${1}", "$$", "${version}", "${scope}", ".*", ".+|.*", "a|b", "(?i)x", "[a-z]", #"\Q"#, #"\E.*"#,
        "\u{FFFD}", "e\u{301}\"", "#", "{}", "=~", "/*", "%00", "%0d%0aHost: evil",
        "http://evil.example/", "//evil.example", "../../evil", "@evil.example", "evil.example:80#", "?evil=1",
        "; rm -rf /",
        "' OR 1=1 --", "<script>alert(1)</script>",
    ]

    @Test func everyFieldStaysData() async throws {
        let plain = try await #require(run("plain"))
        let shapes = try Set(plain.queries().map { $0.map(\.shape) })
        #expect(!shapes.isEmpty)
        var taken = 0
        for value in Self.hostile {
            guard let backEnds = try await run(value) else { continue }
            taken += 1
            let queries = try backEnds.queries()
            #expect(!queries.isEmpty, "\(value.debugDescription)")
            for query in queries { #expect(shapes.contains(query.map(\.shape)), "\(value.debugDescription)") }
            for request in backEnds.requests {
                let address = request.url.prefix { $0 != "?" }
                let isKnown = Self.addresses.contains { address == $0 || address == "\($0)/1" }
                #expect(isKnown, "\(value.debugDescription): \(request.url)")
                for field in request.headers.fields {
                    #expect(!field.value.utf8.contains { $0 < 0x20 }, "\(value.debugDescription): \(field.name)")
                }
            }
            #expect(Set(backEnds.requests.map { $0.url.prefix { $0 != "?" }.prefix(22) }).count >= 2)
        }
        // Nothing of this is refused for what it says: it is data.
        #expect(taken == Self.hostile.count)
        // These deceive the reader of a log.
        for value in ["\u{2028}", "\u{202E}evil", "\u{FEFF}", "\u{9B}31m"] { #expect(try await run(value) == nil) }
    }

    /// In a regular expression a value matches itself alone.
    @Test func regularExpressionsAreQuoted() async throws {
        let backEnds = try await #require(run("a.b|c*(d)[e]{2}^$+?"))
        let strings = try backEnds.queries().joined().compactMap { token in
            if case .string(let bytes) = token { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
        #expect(strings.contains(#"a\.b\|c\*\(d\)\[e\]\{2\}\^\$\+\?|none"#))
        #expect(strings.contains(#"xa\.b\|c\*\(d\)\[e\]\{2\}\^\$\+\?"#))
        #expect(strings.contains("a.b|c*(d)[e]{2}^$+?"))
    }

    /// A plan inside of an event brings queries along, so an operator can refuse it.
    @Test func plansOfEventsCanBeRefused() {
        var event = Self.event("plain")
        event.inlinePlan =
            "apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: p\nschedule: {step: 15s, interval: 1m, lifetime: 5m}\n"
            + "metrics: [{name: m, query: up, direction: either}]\n"
        let (record, headers) = CloudEventKafkaBinding.structured(DeployEventEncoder.encode(event))
        guard
            case .deploy = EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()).readKafka(
                value: record,
                headers: headers
            )
        else {
            Issue.record("the plan is refused")
            return
        }
        let strict = EnvelopeReader(plans: PlanReader(), planLimits: nil)
        #expect(
            strict.readKafka(value: record, headers: headers)
                == .malformed(
                    IntakeRefusal(
                        reason: "badInlinePlan",
                        message:
                            "plan: plans of events are not accepted here (plans.fromEvents): name one with planName"
                    )
                )
        )
    }
}

extension EnvelopeReader {
    func readKafka(value: [UInt8]?, headers: [EventHeader]) -> Reading {
        read(Envelope(door: .kafka, headers: headers, body: value, receivedAt: Timestamp(milliseconds: 0)))
    }
}
