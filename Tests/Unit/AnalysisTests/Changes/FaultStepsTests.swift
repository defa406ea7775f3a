import Judging
import Testing

@testable import Analysis

@Suite("Since when the sides of a metric lie apart") struct FaultStepsTests {
    private static func pair(
        _ control: [Double],
        _ experiment: [Double],
        direction: Direction = .increase
    ) -> MetricPair {
        MetricPair(
            name: "m",
            control: control,
            experiment: experiment,
            settings: MetricSettings(direction: direction)
        )
    }

    private static let level = (0..<20).map { 10 + Double($0 % 3) }

    @Test("From the first sample on, or from where they part") func onset() {
        let always = Self.pair(Self.level, Self.level.map { $0 * 3 })
        #expect(FaultSteps.found(in: always, .high) == Array(0..<20))
        let late = Self.pair(Self.level, Self.level.enumerated().map { $0.offset < 12 ? $0.element : $0.element + 30 })
        #expect(FaultSteps.found(in: late, .high) == Array(12..<20))
    }

    @Test("Missing samples and infinities are left out") func missing() {
        var experiment = Self.level.map { $0 + 30 }
        experiment[3] = .nan
        experiment[4] = .infinity
        #expect(FaultSteps.found(in: Self.pair(Self.level, experiment), .high) == [0, 1, 2] + Array(5..<20))
        #expect(FaultSteps.found(in: Self.pair([], []), .high) == [])
        #expect(FaultSteps.found(in: Self.pair([1, 2], [1]), .high) == [])
    }

    @Test("What falls is harm where falling is") func falling() {
        let fallen = Self.level.enumerated().map { $0.offset < 12 ? $0.element : $0.element - 9 }
        #expect(FaultSteps.found(in: Self.pair(Self.level, fallen, direction: .either), .low) == Array(12..<20))
        #expect(FaultSteps.found(in: Self.pair(Self.level, fallen, direction: .decrease), .fail) == Array(12..<20))
    }

    @Test("Without a control its own course tells, where it has a step") func alone() {
        let risen = Self.level.enumerated().map { $0.offset < 12 ? $0.element : $0.element + 30 }
        #expect(FaultSteps.found(in: Self.pair([], risen), .fail) == Array(12..<20))
        #expect(FaultSteps.found(in: Self.pair([], Self.level), .fail) == [])
    }
}
