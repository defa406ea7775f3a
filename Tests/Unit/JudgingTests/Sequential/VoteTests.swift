import Testing

@testable import Judging

@Suite("Votes")
struct VoteTests {
    static let vectors = [
        ("11111111", 1.5555555556, 3.4539855765, 2.0591664292, -1.6521570330),
        ("11111111111", 1.4761904762, 5.0391765750, 3.1761008382, -2.0171451058),
        ("1101110111", 1.5341880342, 1.4717673369, 0.9342570694, -1.4753925917),
        ("000000000000", 1.4545454545, -2.5497641216, -2.1245638852, 3.5820489913),
        ("11111111110000000000", 3.4678362573, -1.0949498341, -0.5611712000, -0.5611712000),
        ("10101010101010101010", 1.3625730994, -1.0949498341, -0.9483690142, -0.9483690142),
    ]

    @Test(arguments: vectors)
    func agreesWithTheVectors(
        _ votes: String,
        _ dispersion: Double,
        _ plain: Double,
        _ tempered: Double,
        _ mirror: Double
    ) {
        var engine = VoteEngine()
        var spread = VoteDispersion()
        for vote in votes {
            engine.add(vote == "1")
            spread.add(vote == "1")
        }
        #expect(close(spread.dispersion(), dispersion))
        #expect(close(engine.logFor(), plain))
        #expect(close(engine.logFor(dispersion: spread.dispersion()), tempered))
        #expect(close(engine.logAgainst(dispersion: spread.dispersion()), mirror))
    }

    /// Two numbers give what the sums over the grid give.
    @Test(arguments: [(0, 1), (1, 1), (7, 9), (30, 60), (900, 1_000), (3, 100_000)])
    func isTheEngineForCountsWithHalfTheExposure(_ votes: Int, _ count: Int) throws {
        let above = try #require(RatioMixture(.above, 1, .votes))
        let below = try #require(RatioMixture(.below, 1, .votes))
        var counts = LikelihoodRatioEngine(fail: above, pass: below)
        var engine = VoteEngine()
        for vote in 0..<count {
            counts.add(vote < votes ? 1 : 0, of: 1, share: 0.5)
            engine.add(vote < votes)
        }
        #expect(close(engine.logFor(dispersion: 1.5), counts.logFail(dispersion: 1.5)))
        #expect(close(engine.logAgainst(dispersion: 1.5), counts.logPass(dispersion: 1.5)))
    }

    @Test func theFirstVotesWeighLittle() {
        #expect(VoteDispersion().dispersion() == 2)
        #expect(VoteDispersion().dispersion(floor: 3) == 3)
        #expect(VoteDispersion().dispersion(floor: .nan) == 2)
        #expect(VoteDispersion().dispersion(floor: .infinity).isFinite)
    }
}
