/// The samples of one side as a judge sees them: missing ones handled, then outliers.
struct CleanedSamples: Sendable {
    /// Free of NaN, in time order.
    private(set) var values = NumberBuffer()
    /// The same ascending, -0.0 before 0.0.
    private(set) var sorted = NumberBuffer()

    var isEmpty: Bool { values.isEmpty }
    var count: Int { values.count }

    /// Loads and cleans samples in time order, NaN where one is missing.
    mutating func load(
        _ samples: Span<Double>,
        settings: MetricSettings,
        kernels: VectorKernels,
        scratch: inout NumberBuffer
    ) {
        kernels.clean(samples, settings.nanStrategy, into: &values)
        sort(kernels, &scratch)
        guard case .remove(let factor) = settings.outliers, !isEmpty else { return }
        let fences = InterquartileFences(ofSorted: sorted, factor: factor)
        guard !fences.contains(sorted.lowest) || !fences.contains(sorted.highest) else { return }
        values.keep(where: fences.contains)
        sort(kernels, &scratch)
    }

    /// Changes every value, in time order.
    mutating func replace(kernels: VectorKernels, scratch: inout NumberBuffer, with new: (Double) -> Double) {
        for index in 0..<values.count { values[index] = new(values[index]) }
        sort(kernels, &scratch)
    }

    private mutating func sort(_ kernels: VectorKernels, _ scratch: inout NumberBuffer) {
        sorted.copy(values)
        guard !isEmpty else { return }
        kernels.sort(&sorted, scratch: &scratch)
        sorted.restoreZeros(of: values)
    }

    /// All values are equal; not so when there are none.
    var isConstant: Bool { !isEmpty && sorted.lowest == sorted.highest }

    /// The same values as often, in any order. Zeros of both signs are equal, although they are sorted apart.
    func hasSameValues(as other: CleanedSamples) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where sorted[index] != other.sorted[index] { return false }
        return true
    }

    /// The smallest value and the largest; of zeros of both signs the first in time or the last, as is asked for.
    func extremes(ofZeros which: TimeOrder) -> (smallest: Double, largest: Double) {
        (zero(sorted.lowest, which), zero(sorted.highest, which))
    }

    enum TimeOrder { case first, last }

    private func zero(_ value: Double, _ which: TimeOrder) -> Double {
        guard value == 0, sorted.hasNegativeZero else { return value }
        switch which {
        case .first: for index in 0..<count where values[index] == 0 { return values[index] }
        case .last: for index in (0..<count).reversed() where values[index] == 0 { return values[index] }
        }
        return value
    }

    /// Mean and variance; those of both sides at once are `Moments.both`.
    var moments: Moments { Moments.both(values, NumberBuffer(), .common).0 }

    /// Describes the values; all zero when there are none.
    func statistics(_ moments: Moments) -> SampleStatistics {
        guard !isEmpty else { return .empty }
        let (smallest, largest) = extremes(ofZeros: .last)
        return SampleStatistics(
            count: count,
            mean: moments.mean,
            standardDeviation: moments.variance.squareRoot(),
            minimum: smallest,
            maximum: largest
        )
    }
}
