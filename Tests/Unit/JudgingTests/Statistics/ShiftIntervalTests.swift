import SeededRandom
import Testing

@testable import Judging

@Suite struct ShiftIntervalTests {
    @Test func takesTheExtremeDifferencesWhereTheLevelIsOutOfReach() throws {
        let shift = try ShiftInterval(control: [1, 2], experiment: [10.1, 10.2])
        #expect((shift.lower, shift.upper) == (8.1, 9.2))
        #expect(shift.estimate == 8.649999999999999)
        #expect(shift.bound == 0.25 * 8.649999999999999)
        #expect(shift.confidence == 0.98)
    }

    @Test func oneInfiniteSampleMakesTheIntervalInfinite() throws {
        let shift = try ShiftInterval(control: [1, 2, 3, 4, 5, 6.5], experiment: [1, 2, .infinity, 4, 5, 6])
        #expect(shift.lower == .infinity && shift.upper == .infinity && shift.estimate == .infinity)
    }

    @Test func oneAgainstOneIsAllTied() {
        #expect(throws: MannWhitneyStatistic.AllTied()) { try ShiftInterval(control: [1], experiment: [2]) }
    }

    @Test(arguments: 0..<20)
    func followsAShiftOfTheExperiment(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let control = generator.samples(25, around: 100, spread: 5)
        let experiment = generator.samples(30, around: 103, spread: 5)
        let plain = try ShiftInterval(control: control, experiment: experiment)
        let moved = try ShiftInterval(control: control, experiment: experiment.map { $0 + 32 })
        #expect((moved.lower - plain.lower - 32).magnitude < 3e-4)
        #expect((moved.upper - plain.upper - 32).magnitude < 3e-4)
        #expect((moved.estimate - plain.estimate - 32).magnitude < 3e-4)
    }

    @Test(arguments: 0..<20)
    func doesNotDependOnTheOrder(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let control = generator.samples(12, around: 1, spread: 0.1)
        let experiment = generator.samples(9, around: 1.1, spread: 0.1)
        let plain = try ShiftInterval(control: control, experiment: experiment)
        let shuffled = try ShiftInterval(
            control: control.shuffled(using: &generator),
            experiment: experiment.shuffled(using: &generator)
        )
        #expect(plain == shuffled)
    }

    @Test(arguments: 0..<20)
    func followsAChangeOfUnit(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let control = generator.samples(25, around: 100, spread: 5)
        let experiment = generator.samples(25, around: 110, spread: 5)
        let plain = try ShiftInterval(control: control, experiment: experiment)
        // Well above the absolute tolerance the interval scales with the numbers.
        let scaled = try ShiftInterval(control: control.map { $0 * 1_024 }, experiment: experiment.map { $0 * 1_024 })
        #expect((scaled.estimate / 1_024 - plain.estimate).magnitude < 3e-4)
        #expect((scaled.lower / 1_024 - plain.lower).magnitude < 3e-4)
    }

    @Test func mirrorsWhenTheSidesAreSwapped() throws {
        var generator = SeededGenerator(seed: 3)
        let control = generator.samples(25, around: 100, spread: 5)
        let experiment = generator.samples(25, around: 110, spread: 5)
        let plain = try ShiftInterval(control: control, experiment: experiment)
        let swapped = try ShiftInterval(control: experiment, experiment: control)
        #expect((plain.lower + swapped.upper).magnitude < 3e-4)
        #expect((plain.upper + swapped.lower).magnitude < 3e-4)
    }
}
