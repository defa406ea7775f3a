/// The memory that judging works in. It grows to the largest pair judged and is kept, so that judging more pairs of such
/// a size allocates nothing.
///
/// A workspace is used by one pair at a time; what a pair leaves in it has no influence on the next.
package struct JudgingWorkspace: ~Copyable, Sendable {
    let kernels: VectorKernels
    var control = CleanedSamples()
    var experiment = CleanedSamples()
    var ranks: ShiftedRanks
    private var scratch = NumberBuffer()

    /// A workspace that computes with an instruction set that this processor has.
    package init(instructionSet: InstructionSet = .best) {
        kernels = VectorKernels(instructionSet)
        ranks = ShiftedRanks(kernels: kernels)
    }

    /// Loads both sides of a pair and describes them.
    mutating func load(_ pair: borrowing MetricPair) -> (control: Moments, experiment: Moments) {
        control.load(pair.control.span, settings: pair.settings, kernels: kernels, scratch: &scratch)
        experiment.load(pair.experiment.span, settings: pair.settings, kernels: kernels, scratch: &scratch)
        return Moments.both(control.values, experiment.values, kernels)
    }

    /// Adds noise to two constant sides and describes them anew.
    mutating func addNoise() -> (control: Moments, experiment: Moments) {
        var noise = DegenerateNoise(control: control.values, experiment: experiment.values)
        noise.begin(with: experiment.values[0])
        experiment.replace(kernels: kernels, scratch: &scratch) { noise.added(to: $0) }
        noise.begin(with: control.values[0])
        control.replace(kernels: kernels, scratch: &scratch) { noise.added(to: $0) }
        return Moments.both(control.values, experiment.values, kernels)
    }

    /// The interval of the shift between the sides, neither of them empty.
    mutating func shift() throws(MannWhitneyStatistic.AllTied) -> ShiftInterval {
        try ShiftInterval(control: control, experiment: experiment, ranks: &ranks)
    }

    /// The effect size CLES of the sides; `shift` has been called.
    mutating func commonLanguageEffectSize() -> Double {
        CommonLanguageEffectSize.of(
            ranks.counts(shift: 0),
            experiment: experiment.count,
            control: control.count
        )
    }
}
