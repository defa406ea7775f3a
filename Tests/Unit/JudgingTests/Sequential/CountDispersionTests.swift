import Testing

@testable import Judging

@Suite("Dispersion of counts")
struct CountDispersionTests {
    /// Units (events of experiment and control, exposure of experiment and control); the dispersion without a floor, with
    /// the assumed and with a learned one; then what was summed.
    struct Vector: Sendable {
        var units: [(Double, Double, Double, Double)]
        var plain: Double
        var assumed: Double
        var learned: Double
        var variance: Double
        var squares: Double
        var products: Double
    }

    static let vectors = [
        Vector(
            units: [(2, 18, 200, 1_800), (3, 17, 210, 1_790), (1, 20, 190, 1_810), (4, 15, 205, 1_795)],
            plain: 1,
            assumed: 1.1998478437,
            learned: 2.1990870623,
            variance: 5.7536021830,
            squares: 5.0372770272,
            products: -2.7970570487
        ),
        Vector(
            units: [
                (2, 18), (9, 17), (0, 20), (12, 10), (1, 30), (8, 8), (2, 25), (7, 12), (0, 22),
            ].map { ($0.0, $0.1, 200, 1_800) },
            plain: 3.2293846415,
            assumed: 3.2293846415,
            learned: 3.3430904099,
            variance: 29.4216448813,
            squares: 177.0040121393,
            products: -146.3779299707
        ),
        Vector(
            units: [(0, 0, 200, 1_800), (0, 0, 200, 1_800)],
            plain: 1,
            assumed: 1,
            learned: 1,
            variance: 0,
            squares: 0,
            products: 0
        ),
        Vector(
            units: [(3, 0, 100, 100), (2, 0, 100, 100), (4, 0, 100, 100)],
            plain: 1,
            assumed: 1.0805476587,
            learned: 1.1610953175,
            variance: 0.5243055556,
            squares: 0.1328557616,
            products: 0.0639311619
        ),
        Vector(
            units: [(1.5, 10.25, 20, 1_980), (5.5, 9.75, 100, 1_900), (11.25, 8.5, 200, 1_800)],
            plain: 1,
            assumed: 1.3912112611,
            learned: 1.7824225222,
            variance: 8.5571093051,
            squares: 0.0895322789,
            products: -0.0306663198
        ),
        Vector(
            units: [(1, 9, 0, 1_000), (1, 9, 100, 0), (1, 9, 100, 900)],
            plain: 1,
            assumed: 1.0914338987,
            learned: 1.0365735595,
            variance: 0,
            squares: 0,
            products: 0
        ),
    ]

    @Test(arguments: vectors)
    func agreesWithTheVectors(_ vector: Vector) throws {
        var state = CountsState(try CountsRule(plannedUnits: 60))
        for (experiment, control, experimentExposure, controlExposure) in vector.units {
            state.fold(
                CountsUnit(
                    experimentEvents: experiment,
                    controlEvents: control,
                    experimentExposure: experimentExposure,
                    controlExposure: controlExposure
                )
            )
        }
        let dispersion = state.dispersions[0]
        let learned = try LearnedNoise(variances: [0.02, 0.1, 0.3])
        #expect(close(dispersion.dispersion(.none), vector.plain))
        #expect(close(dispersion.dispersion(.assumed), vector.assumed))
        #expect(close(dispersion.dispersion(CountNoise(.learned(learned))), vector.learned))
        #expect(close(dispersion.residualVariance, vector.variance))
        #expect(close(dispersion.squares, vector.squares))
        #expect(close(dispersion.products[0], vector.products))
    }

    @Test func floorsComeOnTopOfEachOther() {
        var dispersion = CountDispersion()
        dispersion.add(experiment: 30, control: 300, share: 0.1, failRatio: 1)
        let variance = 330 * 0.1 * 0.9
        #expect(close(dispersion.dispersion(CountNoise(.none, podVariance: 0.1)), 1 + 0.1 * variance))
        #expect(dispersion.dispersion(CountNoise(.pairs(7), podVariance: 0.1)) == 7)
        #expect(dispersion.dispersion(CountNoise(.pairs(.nan), podVariance: .nan)) == 1)
        #expect(dispersion.dispersion(CountNoise(.assumed(-.infinity), podVariance: -1)) == 1)
        #expect(dispersion.dispersion(CountNoise(.assumed(.infinity))).isFinite)
    }

    /// Before the release both sides differ in turn, and stay different for long: the floor knows both.
    @Test func pairsTeachAFloor() {
        var calm = CountDispersion()
        var slow = CountDispersion()
        for unit in 0..<64 {
            calm.add(experiment: 50, control: 50, share: 0.5, failRatio: 1.02)
            slow.add(experiment: unit / 8 % 2 == 0 ? 80 : 20, control: 50, share: 0.5, failRatio: 1.02)
        }
        #expect(calm.floorForPairs == 1)
        #expect(slow.floorForPairs > 40)
        #expect(CountDispersion().floorForPairs == 1)
    }
}

@Suite("Noise learned from history")
struct LearnedNoiseTests {
    static let histories: [(events: [Double], requests: [Double], expected: [Double])] = [
        (Array(repeating: 10, count: 16), Array(repeating: 1_000, count: 16), [0, 0, 0]),
        (
            (0..<16).map { $0 % 2 == 0 ? 5 : 15 }, Array(repeating: 1_000, count: 16),
            [0.2893269022, 0.2893269022, 0.2893269022]
        ),
        (
            (0..<16).map { $0 < 8 ? 5 : 15 }, Array(repeating: 1_000, count: 16),
            [0.2893269022, 0.9648165958, 3.0635054655]
        ),
        ((0..<16).map { $0 % 2 == 0 ? 10 : 30 }, (0..<16).map { $0 % 2 == 0 ? 1_000 : 3_000 }, [0, 0, 0]),
        (
            (0..<12).map { $0 < 11 ? 0 : 60 }, Array(repeating: 1_000, count: 12),
            [21.6537318261, 25.8165831608, 31.7041797901]
        ),
        (
            (0..<48).map { $0 < 16 ? 2 : $0 < 32 ? 10 : 30 }, Array(repeating: 1_000, count: 48),
            [0.9315828128, 2.2620250764, 5.6190438805, 14.9288633465, 46.1251879969]
        ),
    ]

    @Test(arguments: histories)
    func agreesWithTheVectors(_ events: [Double], _ requests: [Double], _ expected: [Double]) throws {
        let noise = try #require(LearnedNoise(history: zip(events, requests).map { ($0, $1) }))
        #expect(noise.variances.count == expected.count)
        for (variance, expected) in zip(noise.variances, expected) { #expect(close(variance, expected)) }
    }

    @Test func tooShortAHistoryTeachesNothing() {
        #expect(LearnedNoise(history: Array(repeating: (10, 1_000), count: 11)) == nil)
        #expect(LearnedNoise(history: []) == nil)
        // Numbers that are none do not count.
        let gaps: [(events: Double, exposure: Double)] = [(.nan, 1_000), (1, .infinity), (-1, 5), (1, -5), (1e300, 1)]
        #expect(LearnedNoise(history: gaps + Array(repeating: (10, 1_000), count: 11)) == nil)
        #expect(LearnedNoise(history: gaps + Array(repeating: (10, 1_000), count: 12))?.variances == [0, 0, 0])
    }

    @Test func aHistoryWithoutRequestsIsNoNoise() throws {
        let noise = try #require(LearnedNoise(history: Array(repeating: (0, 0), count: 20)))
        for variance in noise.variances { #expect(variance.isFinite && variance >= 0) }
    }

    @Test func theScaleFollowsTheUnits() throws {
        let noise = try LearnedNoise(variances: [0.1, 0.2, 0.4, 0.8])
        #expect(
            [0, 1, 2, 3, 4, 7, 8, 15, 16, 1_000].map(noise.variance) == [
                0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 0.8, 0.8,
            ]
        )
    }

    @Test(arguments: [[], [Double.nan], [-1], [.infinity], [0, 0, 0, 0, 0, 0]])
    func whatIsStoredIsChecked(_ variances: [Double]) {
        #expect(throws: SequentialRuleError.self) { try LearnedNoise(variances: variances) }
    }
}
