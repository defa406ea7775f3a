import LoadRig
import Testing

@testable import load

@Suite struct BarChartTests {
    @Test func `bars are proportional, and small values are seen`() {
        let chart = BarChart(title: "Looks", unit: "looks/s", bars: [(100, 0.1), (1000, 50), (10_000, 100)])
        #expect(
            chart.block.lines == [
                "  100 |# 0.1 looks/s",
                " 1000 |" + String(repeating: "#", count: 25) + " 50 looks/s",
                "10000 |" + String(repeating: "#", count: 50) + " 100 looks/s",
            ]
        )
    }

    @Test func `nothing at all has no bars`() {
        #expect(BarChart(title: "", unit: "s", bars: [(1, 0)]).block.lines == ["1 | 0 s"])
    }
}
