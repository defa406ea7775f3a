import Testing

@testable import PlanFormats

@Suite struct QueryQuotientTests {
    @Test(
        "What a quotient can be",
        arguments: [
            (#"sum(rate(r_total{a="/", code=~"5.."}[1m])) / sum(rate(r_total{${scope}}[1m]))"#, .fraction),
            (#"sum(rate(r_total{code="a\"}b"}[1m])) / sum(rate(r_total[1m])) * 100"#, .safe),
            ("sum(rate(errors_total[1m])) / sum(rate(requests_total[1m]))", .unrelated),
            ("sum(rate(errors_total[1m])) / sum(rate(requests_total[1m])) * 100", .unrelated),
            ("sum(rate(errors_total[1m])) / (sum(rate(requests_total[1m])) > 0)", .safe),
            ("rate(errors_total[1m]) / clamp_min(rate(requests_total[1m]), 1)", .safe),
            ("sum(rate(d_seconds_sum[1m])) / sum(rate(d_seconds_count[1m]))", .safe),
            ("sum(rate(d_seconds_sum[1m])) / sum(rate(e_seconds_count[1m]))", .unrelated),
            ("rate(bytes_total[1m]) / 1024", nil), ("queue_depth / workers", nil), ("up", nil), ("", nil),
            (#"up{path="a_total/b_total"}"#, nil), ("}}} / ]]]", nil),
        ] as [(String, QueryQuotient.Kind?)]
    )
    func kinds(query: String, kind: QueryQuotient.Kind?) {
        #expect(QueryQuotient(query)?.kind == kind, "\(query)")
    }
}
