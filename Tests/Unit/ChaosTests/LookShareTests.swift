import LoadRig
import Testing

@testable import chaos

@Suite struct LookShareTests {
    private let start = ContinuousClock.now

    private func sample(_ replica: Int, _ process: Int32, _ second: Int, _ looks: Int) -> LookShare.Sample {
        LookShare.Sample(replica: replica, process: process, at: start + .seconds(second), looks: looks)
    }

    @Test func `the processes of a replica are added up`() {
        let samples = [sample(1, 10, 0, 5), sample(1, 10, 1, 9), sample(1, 11, 5, 2), sample(2, 20, 1, 4)]
        #expect(LookShare.totals(samples) == [1: 11, 2: 4])
    }

    @Test func `a process that joined is measured from its first look`() throws {
        let samples = [
            sample(1, 10, 2, 100), sample(2, 21, 2, 0), sample(1, 10, 4, 110), sample(2, 21, 4, 2),
            sample(1, 10, 8, 120), sample(2, 21, 8, 12), sample(1, 10, 30, 500), sample(2, 21, 30, 20),
        ]
        let join = try #require(
            LookShare.afterJoin(samples, of: 2, process: 21, at: start + .seconds(1), over: .seconds(10))
        )
        #expect(join.first == .seconds(3))
        #expect(join.share == 0.5)
    }

    @Test func `a counter is summed over its labels`() {
        let text = """
            # TYPE assay_looks_total counter
            assay_looks_total{outcome="judged"} 12
            assay_looks_total{outcome="held"} 3
            assay_looks_totally 100
            """
        #expect(MetricsPage(text).total("assay_looks_total") == 15)
        #expect(MetricsPage(text).total("assay_looks_total", where: #"outcome="held""#) == 3)
    }
}
