import Analysis
import PlanFormats
import SyntheticBackEnd
import Testing

@testable import soak

@Suite struct SoakPlanTests {
    @Test(arguments: SoakPlan.all.map(\.name))
    func `the plans are ones that the program reads, with the schedules that are counted on`(name: String) throws {
        let plan = try #require(SoakPlan.all.first { $0.name == name })
        let read = try PlanReader().readInline(plan.yaml).plan
        #expect(read.schedule == plan.schedule)
        #expect(read.metrics.count == plan.metrics)
    }

    @Test func `a broken release is decided at its first look, another one at its last`() {
        let time = Timestamp(milliseconds: 1_700_000_000_000)
        #expect(GoodRelease(4).isBroken && !GoodRelease(0).isBroken)
        #expect(GoodRelease(4).due(deployedAt: time).since(time) == .seconds(4))
        #expect(GoodRelease(0).due(deployedAt: time).since(time) == .seconds(6))
        #expect(GoodRelease(application: "good-12") == GoodRelease(12))
        #expect(GoodRelease(application: "many-12") == nil && GoodRelease(application: "good-x") == nil)
    }

    @Test func `the back end answers by the application and the side, and without an end where it is to`() {
        func answer(_ query: String) -> QueryAnswer {
            let body = Array("query=\(query)&start=1700000000&end=1700000001&step=1".utf8)
            return SoakBackEnd().answer(path: "/api/v1/query_range", body: body)
        }
        func values(_ app: String, _ track: String) -> String {
            String(decoding: answer(#"soak_good_0{app="\#(app)",track="\#(track)"}"#).body, as: UTF8.self)
        }
        #expect(values("good-1", "canary").contains(#""values":[[1700000000,""#))
        #expect(values("good-4", "canary").contains(/\[1700000000,"[23]\d\d/))
        #expect(!values("good-4", "stable").contains(/\[1700000000,"[23]\d\d/))
        #expect(answer(#"soak_large_0{app="large-1"}"#).continuation?.times == 480)
        #expect(answer(#"soak_endless_0{app="endless-1"}"#).continuation?.times == .some(nil))
    }
}
