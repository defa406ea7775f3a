import Testing

@testable import Demo

@Suite("The shop's metrics text")
struct ShopMetricsTextTests {
    private func lines(_ state: ShopState) -> [Substring] { ShopMetricsText.render(state).split(separator: "\n") }

    @Test("Counts and the cumulative histogram of a page")
    func counts() throws {
        var state = ShopState(version: "1.0.0")
        for seconds in [0.004, 0.03, 0.031, 9] {
            state.finish(try state.assign(.cart), seconds: seconds)
        }
        let lines = lines(state)
        let labels = #"app="shop",track="stable",version="1.0.0",handler="cart""#
        let expected = [
            "http_requests_total{\(labels),code=\"200\"} 4",
            "http_requests_total{\(labels),code=\"500\"} 0",
            "http_request_duration_seconds_bucket{\(labels),le=\"0.005\"} 1",
            "http_request_duration_seconds_bucket{\(labels),le=\"0.03\"} 2",
            "http_request_duration_seconds_bucket{\(labels),le=\"0.035\"} 3",
            "http_request_duration_seconds_bucket{\(labels),le=\"2.5\"} 3",
            "http_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} 4",
            "http_request_duration_seconds_count{\(labels)} 4",
        ]
        for line in expected { #expect(lines.contains(Substring(line))) }
    }

    @Test("Only what runs has series; a page without failures has a 0")
    func followsReleases() throws {
        var state = ShopState(version: "1")
        #expect(!lines(state).contains { $0.contains(#"track="canary",version"#) })
        _ = try state.release(ReleaseOrder(version: "2", weight: 25))
        #expect(lines(state).contains { $0.hasSuffix(#"version="2",handler="cart",code="500"} 0"#) })
        #expect(lines(state).contains(#"shop_traffic_weight{app="shop",track="canary"} 25.0"#))
        _ = try state.apply(RolloutOrder(application: "shop", version: "2", action: .promote), key: "k")
        #expect(!lines(state).contains { $0.contains(#"version="1""#) || $0.contains(#"track="canary",version"#) })
        #expect(lines(state).contains { $0.contains(#"track="stable",version="2""#) })
        #expect(lines(state).contains(#"shop_traffic_weight{app="shop",track="stable"} 100.0"#))
    }

    @Test("A version's quotes and backslashes are escaped")
    func escapes() {
        let text = ShopMetricsText.render(ShopState(version: #"a"b\c"#))
        #expect(text.contains(#"version="a\"b\\c""#))
    }
}
