import JudgingKernels

/// A kernel of the judge, called as the judge calls it.
enum Kernel: String, CaseIterable {
    case copyWithoutNaN, sort, moments, gaps, ranks, list, count

    /// Samples a side that are measured.
    static let sizes = [60, 1440]

    /// One call, at a shift that lies so far from the middle. What it finds is in `series` or given back, as numbers that
    /// are the same on every instruction set.
    @inline(__always)
    func call(_ kernels: JudgingKernels, _ series: KernelSeries, offset: Double) -> (Double, Double) {
        let count = series.count
        let shift = series.shift + offset
        switch self {
        case .copyWithoutNaN:
            return (Double(kernels.copyWithoutNaN(series.control, count, series.copy)), 0)
        case .sort:
            // The judge copies a side, too, before it sorts it.
            series.copy.update(from: series.control, count: Int(count))
            kernels.sort(series.copy, series.scratch, count)
            return (0, 0)
        case .moments:
            let moments = kernels.moments(series.control, count, series.experiment, count)
            return (moments.first.mean, moments.second.squares)
        case .gaps:
            let gaps = kernels.gaps(series.x, count)
            return (gaps.smallest, Double(gaps.hasTies))
        case .ranks:
            let counts = kernels.ranks(series.x, count, shift, series.y, count, series.ranks)
            return (Double(counts.below), Double(counts.ties))
        case .list:
            let listed = kernels.list(
                series.x,
                nil,
                count,
                series.y,
                nil,
                series.upperRanks,
                series.lowerRanks,
                .nan,
                series.listedX,
                series.listedY,
                nil
            )
            return (Double(listed), 0)
        case .count:
            let counts = kernels.count(series.listedX, series.listedY, nil, series.listed, shift)
            return (Double(counts.below), Double(counts.ties))
        }
    }
}
