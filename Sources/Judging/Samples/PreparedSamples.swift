/// The samples of one side as a judge sees them: missing ones handled, then outliers.
struct PreparedSamples: Equatable {
    /// Free of NaN, in time order.
    var values: [Double]
    var statistics: SampleStatistics

    init(_ samples: [Double], settings: MetricSettings) {
        var values =
            switch settings.nanStrategy {
            case .remove: samples.filter { !$0.isNaN }
            case .replace: samples.map { $0.isNaN ? 0 : $0 }
            }
        if case .remove(let factor) = settings.outliers {
            let fences = InterquartileFences(of: values, factor: factor)
            values = values.filter(fences.contains)
        }
        self.values = values
        statistics = SampleStatistics(describing: values)
    }
}
