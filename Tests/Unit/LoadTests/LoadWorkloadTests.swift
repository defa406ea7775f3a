import Analysis
import Testing

@testable import load

@Suite struct LoadWorkloadTests {
    private let plan = LoadPlan(
        metrics: 2,
        step: .seconds(10),
        interval: .seconds(20),
        lifetime: .seconds(100)
    )

    private func workload(_ sessions: Int = 200, seed: UInt64 = 1) -> LoadWorkload {
        LoadWorkload(sessions: sessions, plan: plan, seed: seed, deployedAt: Timestamp(milliseconds: 1_700_000_003_000))
    }

    @Test func `the same seed tells the same stories`() {
        #expect(workload() == workload())
        #expect(workload() != workload(seed: 2))
    }

    @Test func `every hundred has its share of each kind`() {
        let kinds = Dictionary(grouping: workload().stories.prefix(100), by: \.kind).mapValues(\.count)
        #expect(kinds == [.healthy: 75, .broken: 20, .withoutControl: 5])
    }

    @Test func `the look that decides is the first one that sees the bad sample`() throws {
        let workload = workload()
        for story in workload.stories {
            let look = workload.decidingLook(of: story)
            guard let bad = workload.badSample(of: story) else {
                #expect(look.isLast)
                continue
            }
            #expect(look.window.end >= bad)
            #expect(look.number == 1 || look.window.end - plan.interval < bad || look.isLast)
            #expect(bad > workload.start && bad <= workload.start + plan.lifetime)
        }
    }
}
