import Testing

@testable import Telemetry

@Suite struct MetricRegistryTests {
    @Test func rendersCountersGaugesAndHistograms() {
        let registry = MetricRegistry()
        registry.counter("a_total", "A.", labels: "kind").add(2, "x\"y\\z\n")
        registry.gauge("b", "B.").set(1.5)
        let histogram = registry.histogram("c_seconds", "C.", buckets: [0.1, 1])
        histogram.observe(0.05)
        histogram.observe(0.5)
        histogram.observe(5)
        #expect(
            registry.render() == """
                # HELP a_total A.
                # TYPE a_total counter
                a_total{kind="x\\"y\\\\z\\n"} 2
                # HELP b B.
                # TYPE b gauge
                b 1.5
                # HELP c_seconds C.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.1"} 1
                c_seconds_bucket{le="1"} 2
                c_seconds_bucket{le="+Inf"} 3
                c_seconds_sum 5.55
                c_seconds_count 3

                """
        )
    }

    @Test func boundsTheNumberOfSeries() {
        let family = MetricFamily(name: "m", help: "M.", kind: .counter, labelNames: ["app"], maximumSeries: 3)
        for index in 0..<1000 { family.add(1, ["app-\(index)"]) }
        var text = ""
        family.render(into: &text)
        #expect(text.split(separator: "\n").count == 2 + 4)
        #expect(family.value(["other"]) == 997)
    }

    @Test func showsKnownLabelValuesFromTheStart() {
        let registry = MetricRegistry()
        let counter = registry.counter("a_total", "A.", labels: "kind", startingWith: [["x"], ["y"], ["x"]])
        _ = registry.histogram("b_seconds", "B.", labels: "kind", buckets: [1], startingWith: [["x"]])
        counter.add(1, "y")
        #expect(
            registry.render() == """
                # HELP a_total A.
                # TYPE a_total counter
                a_total{kind="x"} 0
                a_total{kind="y"} 1
                # HELP b_seconds B.
                # TYPE b_seconds histogram
                b_seconds_bucket{kind="x",le="1"} 0
                b_seconds_bucket{kind="x",le="+Inf"} 0
                b_seconds_sum{kind="x"} 0
                b_seconds_count{kind="x"} 0

                """
        )
    }
}
