import Analysis
import PlanFormats
import Testing

@testable import load

@Suite struct LoadPlanTests {
    @Test func `the plan is one that the program reads, with the schedule that is counted on`() throws {
        let plan = LoadPlan(metrics: 5, step: .seconds(15), interval: .seconds(60), lifetime: .seconds(300))
        let read = try PlanReader().readInline(plan.yaml).plan
        #expect(read.schedule == plan.schedule)
        #expect(read.metrics.count == 5)
        #expect(read.metrics.reduce(0) { $0 + $1.sides.count } == plan.queriesPerLook)
    }
}
