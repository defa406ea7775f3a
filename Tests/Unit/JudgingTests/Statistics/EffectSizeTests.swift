import Testing

@testable import Judging

@Suite struct MeanRatioTests {
    @Test(
        arguments: [
            ([1, 1, 1], [1, 1, 1], 1),
            ([1, 1, 1], [10, 10, 10], 10),
            ([100, 100], [10, 10], 0.1),
            ([0, 0], [10, 10], .nan),
            ([10, 10], [0, 0], .nan),
            ([-1, 1], [1, 1], .nan),
            ([-1, -1], [-2, -2], 2),
            ([], [1], .nan),
        ] as [([Double], [Double], Double)]
    )
    func ratio(control: [Double], experiment: [Double], expected: Double) {
        #expect(
            same(
                MeanRatio.of(
                    control: CleanedSamples(control).moments.mean,
                    experiment: CleanedSamples(experiment).moments.mean
                ),
                expected
            )
        )
    }
}

@Suite struct CommonLanguageEffectSizeTests {
    @Test(
        arguments: [
            ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 0.5),
            ([1, 2, 3], [4, 5, 6], 1),
            ([4, 5, 6], [1, 2, 3], 0),
            ([1, 3], [2], 0.5),
            ([1, 1, 2], [1, 3], (1 + 1 + 1 + 0.5 + 0.5) / 6),
        ] as [([Double], [Double], Double)]
    )
    func probability(control: [Double], experiment: [Double], expected: Double) {
        #expect(same(effect(control: control, experiment: experiment), expected))
    }

    @Test func doesNotOverflowOnLongSides() {
        let control = (0..<50_000).map { Double($0) }
        #expect(effect(control: control, experiment: control.map { $0 + 1e6 }) == 1)
    }

    private func effect(control: [Double], experiment: [Double]) -> Double {
        var ranks = ShiftedRanks(kernels: .common)
        ranks.load(experiment: CleanedSamples(experiment).sorted, control: CleanedSamples(control).sorted)
        return CommonLanguageEffectSize.of(
            ranks.counts(shift: 0),
            experiment: experiment.count,
            control: control.count
        )
    }
}
