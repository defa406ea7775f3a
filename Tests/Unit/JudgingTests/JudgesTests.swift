import Testing

@testable import Judging

@Suite struct JudgesTests {
    @Test(arguments: Judges.names)
    func findsEveryJudgeByItsName(name: String) throws {
        let judge = try #require(Judges.named(name))
        #expect(type(of: judge).name == name)
        #expect(judge.judge([], by: ScoringRules()).judge == name)
    }

    @Test(arguments: ["", "netflixacajudge-v1.0", "dredd-v1.0"])
    func knowsNoOthers(name: String) {
        #expect(Judges.named(name) == nil)
    }
}
