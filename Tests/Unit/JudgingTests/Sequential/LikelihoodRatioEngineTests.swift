import Testing

@testable import Judging

@Suite("Likelihood ratios of two rates")
struct LikelihoodRatioEngineTests {
    /// Events of the experiment, of both sides, and the experiment's share of the exposure, for each unit; then ln of the
    /// evidence for failing, with dispersion 2, for passing; the interval at 0.05, and the estimate.
    struct Vector: Sendable {
        var units: [(Double, Double, Double)]
        var fail: Double
        var tempered: Double
        var pass: Double
        var interval: ClosedRange<Double>
        var estimate: Double?
    }

    static let vectors = [
        Vector(
            units: [(1, 12, 0.05), (3, 14, 0.05), (4, 20, 0.1), (9, 30, 0.1)],
            fail: 6.0777973597,
            tempered: 2.9011645602,
            pass: -3.6796763314,
            interval: 1.2968395547...7.3360323456,
            estimate: 3.3635856610
        ),
        Vector(
            units: [(5, 5, 0.5)],
            fail: 1.8371520072,
            tempered: 0.8666920975,
            pass: -1.6737101333,
            interval: 0.5...32,
            estimate: 32
        ),
        Vector(units: [(0, 0, 0.3)], fail: 0, tempered: 0, pass: 0, interval: 0.03125...32, estimate: nil),
        Vector(
            units: [(2, 2, 1), (0, 7, 0)],
            fail: 0,
            tempered: 0,
            pass: 0,
            interval: 0.03125...32,
            estimate: nil
        ),
        Vector(
            units: [(0.5, 3.25, 0.25), (1.75, 4.5, 0.4)],
            fail: -0.8955590592,
            tempered: -0.5194791428,
            pass: 0.1589398041,
            interval: 0.0625...5.1873582186,
            estimate: 0.7711054127
        ),
        Vector(
            units: [(0, 40, 0.1), (1, 38, 0.1)],
            fail: -3.5460805973,
            tempered: -2.5606681261,
            pass: 6.6415879109,
            interval: 0.03125...1,
            estimate: 0.1146255054
        ),
        Vector(
            units: [(250, 1_000, 0.1)],
            fail: 87.3921526942,
            tempered: 43.0432621855,
            pass: -10.6177071859,
            interval: 2.3784142300...3.6680161728,
            estimate: 3.0844216508
        ),
    ]

    static func engine(runs: Int = 1) throws -> LikelihoodRatioEngine {
        let rule = try CountsRule(plannedUnits: 60)
        return LikelihoodRatioEngine(fail: rule.fail, pass: rule.pass, runs: runs)
    }

    @Test(arguments: vectors)
    func agreesWithTheVectors(_ vector: Vector) throws {
        var engine = try Self.engine()
        for (events, total, share) in vector.units {
            let isTaken = engine.add(events, of: total, share: share)
            #expect(isTaken)
        }
        #expect(close(engine.logFail(), vector.fail))
        #expect(close(engine.logFail(dispersion: 2), vector.tempered))
        #expect(close(engine.logPass(), vector.pass))
        let interval = engine.interval(level: 0.05)
        #expect(close(interval.lowerBound, vector.interval.lowerBound))
        #expect(close(interval.upperBound, vector.interval.upperBound))
        if let expected = vector.estimate {
            #expect(close(try #require(engine.estimate()), expected))
        } else {
            #expect(engine.estimate() == nil)
        }
    }

    @Test(arguments: [
        (Double.nan, 1, 0.5), (1, .nan, 0.5), (1, 2, .nan), (-1, 2, 0.5), (3, 2, 0.5), (1, .infinity, 0.5),
        (.infinity, .infinity, 0.5), (1, 1e16, 0.5), (1, 2, -0.1), (1, 2, 1.1), (1, 2, .infinity),
    ])
    func refusesWhatCannotBeCounted(_ events: Double, _ total: Double, _ share: Double) throws {
        var engine = try Self.engine()
        let empty = engine
        let isTaken = engine.add(events, of: total, share: share)
        #expect(!isTaken)
        #expect(engine == empty)
    }

    /// The evidence stays a number at the largest counts.
    @Test func huge() throws {
        var engine = try Self.engine()
        for _ in 0..<100 { engine.add(1e15, of: 1e15, share: 1e-12) }
        engine.add(0, of: 1e15, share: 0.999)
        for number in [engine.logFail(), engine.logPass(), engine.logFail(dispersion: .greatestFiniteMagnitude)] {
            #expect(number.isFinite)
        }
        #expect(engine.interval(level: 0.05).lowerBound > 0)
    }

    @Test func aRunSeesOnlyWhatCameSinceItsStart() throws {
        var both = try Self.engine(runs: 2)
        var late = try Self.engine()
        both.add(3, of: 10, share: 0.2, runs: 1)
        both.add(5, of: 12, share: 0.3, runs: 2)
        late.add(5, of: 12, share: 0.3)
        #expect(both.logFail(run: 1) == late.logFail())
        #expect(both.logPass(run: 1) == late.logPass())
        #expect(both.estimate(run: 1) == late.estimate())
        #expect(both.logFail(run: 0) != late.logFail())
    }

    /// The grid and the constants are part of what is stored.
    @Test func theGridStays() {
        #expect(RatioGrid.logRatios.count == 81)
        #expect(RatioGrid.logRatios[40] == 0)
        #expect(close(RatioGrid.logRatios[80], 3.4657359028))
        #expect(close(RatioGrid.logRatios[41], 0.0866433976))
    }

    @Test(arguments: [0, -1, Double.nan, .infinity, 32, 40, 1e300])
    func aRatioThatTheGridCannotTestIsAnError(_ ratio: Double) {
        #expect(throws: SequentialRuleError.self) { try CountsRule(failRatio: ratio, plannedUnits: 1) }
    }

    @Test(arguments: [0, -1, Double.nan, .infinity, 1 / 32.0, 40])
    func soIsOneToPass(_ ratio: Double) {
        #expect(throws: SequentialRuleError.self) { try CountsRule(passRatio: ratio, plannedUnits: 1) }
    }
}
