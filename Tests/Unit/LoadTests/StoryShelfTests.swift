import Analysis
import Testing

@testable import load

@Suite struct StoryShelfTests {
    private let plan = LoadPlan(
        metrics: 2,
        step: .seconds(10),
        interval: .seconds(20),
        lifetime: .seconds(100)
    )

    private func shelf(_ sessions: Int = 200, seed: UInt64 = 1) -> StoryShelf {
        StoryShelf(sessions: sessions, plan: plan, seed: seed, deployedAt: Timestamp(milliseconds: 1_700_000_003_000))
    }

    @Test func `the same seed tells the same stories`() {
        #expect(shelf() == shelf())
        #expect(shelf() != shelf(seed: 2))
    }

    @Test func `every hundred has its share of each kind`() {
        let kinds = Dictionary(grouping: shelf().stories.prefix(100), by: \.kind).mapValues(\.count)
        #expect(kinds == [.healthy: 75, .broken: 20, .withoutControl: 5])
    }

    @Test func `the look that decides is the first one that sees the bad sample`() throws {
        let shelf = shelf()
        for story in shelf.stories {
            let look = shelf.decidingLook(of: story)
            guard let bad = shelf.badSample(of: story) else {
                #expect(look.isLast)
                continue
            }
            #expect(look.window.end >= bad)
            #expect(look.number == 1 || look.window.end - plan.interval < bad || look.isLast)
            #expect(bad > shelf.start && bad <= shelf.start + plan.lifetime)
        }
    }
}
