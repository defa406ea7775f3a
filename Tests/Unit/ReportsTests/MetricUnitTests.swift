import Testing

@testable import Reports

@Suite struct MetricUnitTests {
    @Test(
        "The unit follows from the query",
        arguments: [
            ("sum(rate(http_requests_total{code=~\"5..\"}[1m])) / sum(rate(http_requests_total[1m]))", .ratio),
            (
                "(sum(rate(r_total{code=~\"5..\",${scope}}[1m])) or vector(0)) / sum(rate(r_total{${scope}}[1m]))",
                .ratio
            ),
            ("1 - sum(rate(r_total{ok=\"1\"}[1m])) / sum(rate(r_total[1m]))", .ratio),
            ("avg(cache_hit_ratio)", .ratio), ("avg_over_time(cache_hit_ratio[5m])", .ratio),
            ("sum(rate(d_seconds_sum[1m])) / sum(rate(d_seconds_count[1m]))", .seconds),
            ("histogram_quantile(0.95, sum by (le) (rate(d_seconds_bucket[1m])))", .seconds),
            ("max(process_start_time_seconds)", .seconds), ("sum(rate(r_total[1m]))", .perSecond),
            ("avg(process_resident_memory_bytes)", .bytes), ("sum(rate(sent_bytes_total[1m]))", .bytesPerSecond),
            ("histogram_quantile(0.5, rate(size_bytes_bucket[1m]))", .bytes),
            ("sum(rate(sent_bytes_sum[1m])) / sum(rate(sent_bytes_count[1m]))", .bytes),
        ] as [(String, MetricUnit)]
    )
    func known(query: String, unit: MetricUnit) {
        #expect(MetricUnit(ofQuery: query) == unit)
    }

    @Test(
        "Where the query does not tell there is none: a wrong one would mislead",
        arguments: [
            // Scaled by hand: percent, or milliseconds.
            "100 * sum(rate(r_total{code=~\"5..\"}[1m])) / sum(rate(r_total[1m]))",
            "sum(rate(d_seconds_sum[1m])) / sum(rate(d_seconds_count[1m])) * 1000",
            // So many queries a request is no share.
            "sum(rate(queries_total[1m])) / sum(rate(requests_total[1m]))",
            // Seconds of CPU a second.
            "sum(rate(process_cpu_seconds_total[1m]))", "avg(up)", "job:latency:p95", "avg(latency_milliseconds)",
            "count(d_seconds)", "r_total > bool 1", "d_seconds * d_seconds", "a_seconds + b_bytes", "not a query (",
            "1",
            "histogram_quantile(0.9, sum(rate(tries_bucket[1m])) by (le))", "time()",
        ]
    )
    func unknown(query: String) {
        #expect(MetricUnit(ofQuery: query) == .plain)
    }

    @Test func withoutQuery() {
        #expect(MetricUnit(ofQuery: nil) == .plain)
    }
}
