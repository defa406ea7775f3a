import HTTPTestServer
import HTTPTransport
import SyntheticBackEnd
import Testing

@testable import load

/// The synthetic back end beside Prometheus itself, with the same samples: the same requests get the same bytes.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: TestPrometheus.isPossible, "needs the Debian package prometheus")
)
struct RealPrometheusTests {
    /// Seconds since 1970 of the first sample; there is one a second, for two minutes.
    static let start: Int64 = 1_700_000_100
    static let end = start + 120

    static let index = SeriesIndex(
        ["a", "b"].flatMap { app in
            ["canary", "stable"].enumerated().map { track, name in
                SyntheticSeries(
                    labels: [("__name__", "load_metric_0"), ("app", app), ("track", name)],
                    seed: UInt64(track) + (app == "a" ? 10 : 20),
                    seconds: start...end,
                    badFrom: app == "b" && track == 0 ? start + 60 : nil
                )
            }
        }
    )

    @Test func `both answer the same`() async throws {
        let real = try await TestPrometheus(Self.samples())
        let backEnd = SyntheticPrometheus()
        backEnd.serve(
            Self.index,
            log: QueryLog(series: Self.index.series.count, start: Self.start * 1000, interval: 1000)
        )
        let synthetic = "http://127.0.0.1:\(try await backEnd.start())"
        for form in Self.forms {
            let wanted = try await Self.post(form, real.url, real.http)
            let given = try await Self.post(form, synthetic, real.http)
            #expect(given.status == wanted.status, "\(form)")
            #expect(
                String(decoding: given.body, as: UTF8.self) == String(decoding: wanted.body, as: UTF8.self),
                "\(form)"
            )
            #expect(given.headers["Content-Type"] == wanted.headers["Content-Type"], "\(form)")
        }
        await real.http.close()
        await backEnd.stop()
    }

    /// Grids on and off the samples, before and after them, single series and several, and what is refused.
    static let forms: [[(String, String)]] =
        [
            (#"load_metric_0{app="a", track="canary"}"#, 10, 60, "10"),
            (#"load_metric_0{app="b", track="canary"}"#, 50, 70, "1"),
            (#"load_metric_0{track="stable",app="b"}"#, 0, 120, "15"),
            (#"load_metric_0{app="a"}"#, 10, 20, "10"),
            ("load_metric_0", 30, 30, "5"),
            (#"load_metric_0{app="c", track="canary"}"#, 10, 60, "10"),
            ("nothing", 10, 60, "10"),
            (#"load_metric_0{app="a", track="canary"}"#, -30, 5, "5"),
            (#"load_metric_0{app="a", track="canary"}"#, 400, 440, "10"),
            (#"load_metric_0{app="a", track="canary"}"#, 1000, 1060, "10"),
            (#"load_metric_0{app="a", track="canary"}"#, 10, 12, "0.333"),
            (#"load_metric_0{app="a", track="canary"}"#, 60, 10, "10"),
            (#"load_metric_0{app="a", track="canary"}"#, 10, 60, "0"),
            (#"load_metric_0{app="a", track="canary"}"#, 10, 60, "x"),
            (#"load_metric_0{app="a", track="canary"}"#, 0, 110, "0.01"),
            ("", 10, 60, "10"),
        ].map { query, from, to, step in
            [
                ("query", query), ("start", "\(start + Int64(from)).25"), ("end", "\(start + Int64(to)).25"),
                ("step", step), ("timeout", "20"),
            ]
        } + [
            [("query", "load_metric_0"), ("start", "\(start)"), ("end", "\(start + 10)"), ("step", "5")],
            [("query", "load_metric_0"), ("start", "\(start).125"), ("end", "\(start + 3).5"), ("step", "0.875")],
            [("query", "load_metric_0"), ("start", "x"), ("end", "\(start)"), ("step", "5")],
            [("query", "load_metric_0"), ("start", "\(start)"), ("step", "5")],
        ]

    private static func samples() throws -> [String] {
        var lines = ["# TYPE load_metric_0 gauge"]
        for series in index.series {
            let labels = series.labels.dropFirst().map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            for second in start...end {
                let tenths = try #require(series.tenths(at: second * 1000))
                lines.append("load_metric_0{\(labels)} \(Double(tenths) / 10) \(second)")
            }
        }
        return lines
    }

    private static func post(_ form: [(String, String)], _ url: String, _ http: HTTPClient) async throws -> HTTPResponse
    {
        try await http.execute(
            HTTPRequest(
                method: .post,
                url: url + "/api/v1/query_range",
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
                body: PercentEncoding.form(form.map { (name: $0.0, value: $0.1) }),
                timeout: .seconds(60)
            )
        )
    }
}
