import Judging
import Testing

@Suite struct DetectionPlanTests {
    private static func plan(
        share: Double = 0.1,
        base: Double = 0.01,
        requests: Double = 2000,
        margin: Double = 1,
        levelShare: Double = 1
    ) -> DetectionPlan? {
        DetectionPlan(baseRate: base, requests: requests, share: share, margin: margin, levelShare: levelShare)
    }

    @Test(
        "What an event adds",
        arguments: [
            (0.1, 1.5, 0.00913342), (0.1, 2, 0.03071658), (0.1, 3, 0.09233152), (0.5, 2, 0.05663301),
        ]
    )
    func growth(share: Double, ratio: Double, expected: Double) throws {
        let growth = try #require(Self.plan(share: share)).growthPerEvent(ratio: ratio)
        #expect(abs(growth - expected) < 5e-9)
    }

    /// Medians of simulated analyses: 27, 6, 2 and 1 looks.
    @Test("Looks until an effect is found", arguments: [(1.5, 26.0...29.0), (2, 7...8), (3, 2...3), (10, 0.2...1)])
    func looks(ratio: Double, expected: ClosedRange<Double>) throws {
        let units = try #require(Self.plan()?.units(toFind: ratio))
        #expect(expected.contains(units), "\(units)")
        // A part of the level, a wide margin and noise take longer.
        let part = try #require(Self.plan(levelShare: 0.2)?.units(toFind: ratio))
        let wide = try #require(Self.plan(margin: 1.1)?.units(toFind: ratio))
        #expect(part > units && wide > units)
    }

    @Test func `what cannot be found is not promised`() throws {
        let plan = try #require(Self.plan(margin: 1.25))
        #expect(plan.units(toFind: 1.2) == nil)
        #expect(plan.units(toFind: 1.25) == nil)
        #expect(plan.units(toFind: 200) == nil)
        #expect(Self.plan(base: 0)?.units(toFind: 2) == nil)
        #expect(Self.plan(requests: 0)?.units(toFind: 2) == nil)
        for share in [0, 1, -1, Double.nan] { #expect(Self.plan(share: share) == nil) }
        #expect(Self.plan(base: 1.1) == nil)
        #expect(Self.plan(requests: .infinity) == nil)
    }

    @Test("Errors of the experiment alone", arguments: [(0.05, 3), (0.1, 3), (0.25, 5), (0.5, 8)])
    func alone(share: Double, count: Int) {
        #expect(Self.plan(share: share)?.fewestEvents == count)
    }

    @Test("Steps that are all worse", arguments: [(0.05, 12), (0.0125, 16)])
    func votes(alpha: Double, steps: Int) {
        #expect(VotePlan.fewestSteps(alpha: alpha, most: 60) == steps)
        #expect(VotePlan.fewestSteps(alpha: alpha, most: steps - 2) == nil)
        #expect(VotePlan.fewestSteps(alpha: alpha, most: 0) == nil)
    }

    @Test("Noise from before the release makes it later, by as much as counts at that time")
    func noise() throws {
        let plan = try #require(DetectionPlan(baseRate: 0.01, requests: 2000, share: 0.1, margin: 1.02))
        let quiet = try #require(plan.units(toFind: 2))
        #expect(plan.units(toFind: 2, noise: .none, atMost: 60) == quiet)
        let learned = CountNoise(.learned(try LearnedNoise(variances: [0, 0, 0, 0, 0])))
        #expect(plan.units(toFind: 2, noise: learned, atMost: 60) == quiet)
        let noisy = try #require(plan.units(toFind: 2, noise: .assumed, atMost: 60))
        #expect(noisy > quiet)
        // What is slow counts only once the analysis is as long.
        let slow = CountNoise(.learned(try LearnedNoise(variances: [0, 0, 0, 0, 5])))
        #expect(plan.units(toFind: 2, noise: slow, atMost: 60) == quiet.rounded(.up))
        #expect(plan.units(toFind: 1.5, noise: slow, atMost: 60) == nil)
        #expect(plan.units(toFind: 1.01, noise: .assumed, atMost: 60) == nil)
    }
}
