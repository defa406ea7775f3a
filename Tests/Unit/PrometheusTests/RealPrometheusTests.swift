import Analysis
import HTTPTestServer
import HTTPTransport
import Prometheus
import Testing

/// The client and the templates against Prometheus itself, with samples written before it starts.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: TestPrometheus.isPossible, "needs the Debian package prometheus")
)
struct RealPrometheusTests {
    static let start: Int64 = 1_700_000_100_000

    private static var samples: [String] {
        var lines = ["# TYPE load gauge"]
        for (pod, offset) in [("a", 0), ("b", 100)] {
            for index in 0..<20 {
                lines.append("load{pod=\"\(pod)\"} \(offset + index) \(start / 1000 + Int64(index) * 15)")
            }
        }
        lines.append("# TYPE zero gauge")
        for index in 0..<20 { lines.append("zero 0 \(start / 1000 + Int64(index) * 15)") }
        lines.append("# TYPE hostile gauge")
        for (index, value) in hostile.enumerated() {
            lines.append("hostile{value=\"\(escaped(value))\"} \(index) \(start / 1000)")
        }
        lines.append("# TYPE divided gauge")
        for (index, value) in hostile.enumerated() {
            lines.append("divided{app=\"shop\",track=\"stable\",pod=\"\(escaped(value))\"} \(index) \(start / 1000)")
        }
        return lines
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// OpenMetrics cannot carry carriage returns and the like next to line ends; the lexer test covers those.
    static let hostile = HostileValues.all.filter { !$0.isEmpty && !$0.unicodeScalars.contains("\r") }

    @Test func queries() async throws {
        let server = try await TestPrometheus(Self.samples)
        let client = PrometheusClient(baseURL: server.url, http: server.http)
        #expect(try await client.probe().version?.isEmpty == false)
        try await twoSeries(client)
        try await gaps(client)
        try await errors(client, server)
        try await hostileValues(client)
        try await dividedSeries(client)
        await server.http.close()
        await #expect(throws: PrometheusError.self) { try await client.probe() }
    }

    private func variables(_ label: String, _ value: String) -> QueryVariables {
        QueryVariables(scope: [(label, value)], values: [:], step: "1s", interval: "15s", window: "15s")
    }

    func twoSeries(_ client: PrometheusClient) async throws {
        let template = try QueryTemplate(parsing: "avg_over_time(load{${scope}}[${window}])")
        let query = try template.expand(variables("pod", "b"))
        let one = try await client.rangeQuery(query, start: Self.start, end: Self.start + 60_000, step: 15_000)
        #expect(one.series.map(\.labels) == [["pod": "b"]])
        let two = try await client.rangeQuery(
            "sum by (pod) (load)",
            start: Self.start,
            end: Self.start + 60_000,
            step: 15_000
        )
        #expect(two.series.map(\.labels) == [["pod": "a"], ["pod": "b"]])
        #expect(two.series.map(\.values) == [[0, 1, 2, 3, 4], [100, 101, 102, 103, 104]])
        #expect(!two.isPartial)
        #expect([two.movedSamples, two.ignoredSamples] == [0, 0])
        let fine = try await client.rangeQuery("load", start: Self.start + 1, end: Self.start + 1999, step: 333)
        #expect(fine.series.map(\.values) == [[Double](repeating: 0, count: 7), [Double](repeating: 100, count: 7)])
        #expect(fine.movedSamples == 0)
    }

    func gaps(_ client: PrometheusClient) async throws {
        let nothing = try await client.rangeQuery("nothing", start: Self.start, end: Self.start, step: 1000)
        #expect(nothing.series.isEmpty)
        let ratio = try await client.rangeQuery(
            "zero / zero",
            start: Self.start,
            end: Self.start + 30_000,
            step: 15_000
        )
        #expect(ratio.series.map { $0.values.filter(\.isNaN).count } == [3])
        let infinite = try await client.rangeQuery("-1 / zero", start: Self.start, end: Self.start, step: 1000)
        #expect(infinite.series.map(\.values) == [[-.infinity]])
        let partly = try await client.rangeQuery(
            "load > 101",
            start: Self.start,
            end: Self.start + 45_000,
            step: 15_000
        )
        #expect(partly.series.map { $0.values.map { $0.isNaN ? -1 : $0 } } == [[-1, -1, 102, 103]])
    }

    func errors(_ client: PrometheusClient, _ server: TestPrometheus) async throws {
        let syntax = await #expect(throws: PrometheusError.self) {
            try await client.rangeQuery("sum(load", start: Self.start, end: Self.start, step: 1000)
        }
        #expect(syntax?.code == .badQuery)
        #expect(syntax?.message.contains("parse error: unclosed left parenthesis") == true)
        let duplicate = await #expect(throws: PrometheusError.self) {
            try await client.rangeQuery("load + on() load", start: Self.start, end: Self.start, step: 1000)
        }
        #expect(duplicate?.code == .evaluationFailed)
        #expect(duplicate?.message.contains("many-to-many") == true)

        var options = PrometheusClient.Options()
        options.maximumPoints = 20_000
        options.maximumSeries = 1
        let careless = PrometheusClient(baseURL: server.url, http: server.http, options: options)
        let points = await #expect(throws: PrometheusError.self) {
            try await careless.rangeQuery("load", start: Self.start, end: Self.start + 12_000_000, step: 1000)
        }
        #expect(points?.message.contains("exceeded maximum resolution of 11,000 points") == true)
        let series = await #expect(throws: PrometheusError.self) {
            try await careless.rangeQuery("load", start: Self.start, end: Self.start, step: 1000)
        }
        #expect(series?.code == .tooManySeries)
        options.maximumResponseBytes = 20
        let small = PrometheusClient(baseURL: server.url, http: server.http, options: options)
        let large = await #expect(throws: PrometheusError.self) {
            try await small.rangeQuery("load", start: Self.start, end: Self.start, step: 1000)
        }
        #expect(large?.code == .responseTooLarge)
        let elsewhere = PrometheusClient(baseURL: server.url + "/prefix", http: server.http)
        let missing = await #expect(throws: PrometheusError.self) {
            try await elsewhere.rangeQuery("load", start: Self.start, end: Self.start, step: 1000)
        }
        #expect(missing?.code == .notFound)
        #expect(missing?.message.contains("status 404 to POST and GET") == true)
        options = PrometheusClient.Options()
        options.method = .get
        let byGET = PrometheusClient(baseURL: server.url, http: server.http, options: options)
        let got = try await byGET.rangeQuery("sum(load)", start: Self.start, end: Self.start, step: 1000)
        #expect(got.series.map(\.values) == [[100]])
    }

    /// Each part of a division gives the series of its values and no others.
    func dividedSeries(_ client: PrometheusClient) async throws {
        let session = SeriesDivisionTests.session()
        let query = try ScopedQueries(of: session).values(of: "pod", in: "divided{${scope}}", of: .control)
        let found = try await client.rangeQuery(query, start: Self.start, end: Self.start, step: 1000)
        let pods = found.series.compactMap { $0.labels["pod"] }
        #expect(Set(pods) == Set(Self.hostile))
        for share in [1, pods.count / 2, pods.count - 1] {
            let division = SeriesDivision(
                of: .control,
                by: "pod",
                control: Array(pods.dropFirst(share)),
                experiment: Array(pods.prefix(share))
            )
            let texts = ScopedQueries(of: session, dividing: division)
                .texts(of: "divided{${scope}}", Side.allCases, isMuted: false)
            for (side, text) in texts {
                let part = try await client.rangeQuery(try text.get(), start: Self.start, end: Self.start, step: 1000)
                let wanted = side == .control ? division.control : division.experiment
                #expect(Set(part.series.map { $0.labels["pod"] }) == Set(wanted))
            }
        }
    }

    /// Every value selects its own series and no other, also as a regular expression.
    func hostileValues(_ client: PrometheusClient) async throws {
        let templates = try [
            "hostile{${scope}}", "hostile{value=\"${scope.value}\"}", "hostile{value='${scope.value}'}",
            "hostile{value=~\"${scope.value}\"}", "hostile{value=~'${scope.value}'}",
        ].map { try QueryTemplate(parsing: $0) }
        for (index, value) in Self.hostile.enumerated() {
            for template in templates {
                let query = try template.expand(variables("value", value))
                let result = try await client.rangeQuery(query, start: Self.start, end: Self.start, step: 1000)
                #expect(result.series.map(\.values) == [[Double(index)]], "\(query)")
                #expect(result.series.first?.labels["value"] == value)
            }
        }
    }

    @Test func unreachable() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.proxy = .none
        configuration.retry = .none
        let http = try HTTPClient(configuration: configuration)
        let client = PrometheusClient(baseURL: "http://127.0.0.1:\(try LoopbackSocket.freePort())", http: http)
        let error = await #expect(throws: PrometheusError.self) {
            try await client.rangeQuery("up", start: 0, end: 0, step: 1)
        }
        #expect(error?.code == .unreachable)
        #expect(error?.isTransient == true)
        await #expect(throws: PrometheusError.self) { try await client.probe() }
    }
}
