import CoreMetrics
import Telemetry
import Testing

@Suite struct LibraryMetricsTests {
    @Test func whatLibrariesCountIsShown() {
        let registry = MetricRegistry()
        let factory = LibraryMetrics(registry)
        factory.makeCounter(label: "hb.requests", dimensions: [("http.route", "/v1")]).increment(by: 2)
        factory.makeCounter(label: "hb.requests", dimensions: [("http.route", "/v1")]).increment(by: 1)
        factory.makeTimer(label: "request.duration", dimensions: []).recordNanoseconds(1_500_000_000)
        let meter = factory.makeMeter(label: "9active", dimensions: [])
        meter.increment(by: 3)
        meter.decrement(by: 1)
        let text = registry.render()
        #expect(text.contains("hb_requests_total{http_route=\"/v1\"} 3\n"))
        #expect(text.contains("request_duration_seconds_sum 1.5\n"))
        #expect(text.contains("_9active 2\n"))
    }

    @Test func otherDimensionsOfTheSameNameDoNoHarm() {
        let registry = MetricRegistry()
        let factory = LibraryMetrics(registry)
        factory.makeCounter(label: "a", dimensions: [("x", "1")]).increment(by: 1)
        factory.makeCounter(label: "a", dimensions: [("y", "2")]).increment(by: 1)
        factory.makeMeter(label: "a_total", dimensions: []).set(7.0)
        #expect(
            registry.render().contains("a_total{x=\"1\"} 1\na_total{x=\"\"} 1\n")
                || registry.render().contains("a_total{x=\"\"} 1\na_total{x=\"1\"} 1\n")
        )
    }

    @Test func namesAreBoundedAndOursStayOurs() {
        let registry = MetricRegistry()
        registry.counter("own_total", "Ours.").add(1)
        let factory = LibraryMetrics(registry, maximumFamilies: 3)
        factory.makeCounter(label: "own", dimensions: []).increment(by: 5)
        for index in 0..<1000 { factory.makeCounter(label: "name.\(index)", dimensions: []).increment(by: 1) }
        #expect(registry.names == ["name_0_total", "name_1_total", "name_2_total", "own_total"])
        #expect(registry.render().contains("own_total 1\n"))
    }
}
