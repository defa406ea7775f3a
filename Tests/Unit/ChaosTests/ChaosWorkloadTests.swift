import Testing

@testable import chaos

@Suite struct ChaosWorkloadTests {
    @Test func `the same seed writes the same stories`() {
        let workload = ChaosWorkload(events: 200, span: .seconds(60), seed: 7)
        #expect(workload == ChaosWorkload(events: 200, span: .seconds(60), seed: 7))
        #expect(workload != ChaosWorkload(events: 200, span: .seconds(60), seed: 8))
    }

    @Test(arguments: [1, 2, 7, 100, 1000])
    func `exactly as many events as asked for must get a verdict`(events: Int) {
        let workload = ChaosWorkload(events: events, span: .seconds(60), seed: 1)
        #expect(workload.expected.count == events)
        #expect(Set(workload.events.map(\.id)).count == workload.events.count)
        #expect(Set(workload.stories.map(\.application)).count == workload.stories.count)
    }

    @Test func `every kind of story is told`() {
        let kinds = Set(ChaosWorkload(events: 100, span: .seconds(60), seed: 1).stories.map(\.kind))
        #expect(kinds == Set(Story.Kind.allCases))
    }

    @Test func `what ends an analysis early names an event of the same story`() {
        for story in ChaosWorkload(events: 500, span: .seconds(60), seed: 3).stories {
            for event in story.events {
                guard case .endedBy(let other, _) = event.expected else { continue }
                #expect(story.isHealthy)
                #expect(story.events.contains { $0.id == other && $0.at > event.at })
            }
        }
    }
}
