@testable import Judging

extension CleanedSamples {
    init(_ samples: [Double], settings: MetricSettings = MetricSettings(), kernels: VectorKernels = .common) {
        self.init()
        var scratch = NumberBuffer()
        load(samples.span, settings: settings, kernels: kernels, scratch: &scratch)
    }

    var described: SampleStatistics { statistics(moments) }
}

extension ShiftInterval {
    init(
        control: [Double],
        experiment: [Double],
        kernels: VectorKernels = .common
    ) throws(MannWhitneyStatistic.AllTied) {
        var ranks = ShiftedRanks(kernels: kernels)
        try self.init(control: CleanedSamples(control), experiment: CleanedSamples(experiment), ranks: &ranks)
    }
}

extension MannWhitneyClassifier {
    /// The outcome for samples that need no cleaning.
    func classify(control: [Double], experiment: [Double]) -> Outcome {
        var workspace = JudgingWorkspace()
        let pair = MetricPair(name: name, control: control, experiment: experiment, settings: settings)
        return classify(workspace.load(pair), in: &workspace)
    }
}
