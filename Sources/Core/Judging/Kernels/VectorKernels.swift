import JudgingKernels

/// The vector kernels of one instruction set, over arrays instead of pointers.
///
/// The only file with pointers. A kernel reads and writes whole vectors, so that what it is given needs room behind the
/// numbers: buffers have it, and it is checked here.
struct VectorKernels: Sendable {
    private let table: JudgingKernels

    /// The kernels of the best instruction set.
    static let common = VectorKernels(.best)

    /// The kernels of an instruction set that this processor has.
    init(_ set: InstructionSet) {
        guard let kernels = unsafe JudgingKernelsFor(set.identifier) else {
            preconditionFailure("this processor does not have \(set.rawValue)")
        }
        unsafe table = kernels.pointee
    }

    /// This processor has the instruction set.
    static func exist(for set: InstructionSet) -> Bool { unsafe JudgingKernelsFor(set.identifier) != nil }

    /// Puts the samples into `copy`, those that are NaN left out or replaced by 0.
    func clean(_ samples: Span<Double>, _ strategy: NaNStrategy, into copy: inout NumberBuffer) {
        copy.resize(samples.count)
        let count = Int64(samples.count)
        let kept = unsafe samples.withUnsafeBufferPointer { source in
            unsafe copy.storage.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return 0 as Int64 }
                switch strategy {
                case .remove: return unsafe table.copyWithoutNaN(source, count, target)
                case .replace:
                    unsafe table.copyReplacingNaN(source, count, target)
                    return count
                }
            }
        }
        copy.resize(Int(kept))
    }

    /// Mean and deviations of two series, each in its own order.
    func moments(_ first: NumberBuffer, _ second: NumberBuffer) -> JudgingMomentsOfBoth {
        unsafe table.moments(first.storage, Int64(first.count), second.storage, Int64(second.count))
    }

    /// Sorts ascending; of zeros of both signs only the number remains. No number is NaN.
    func sort(_ numbers: inout NumberBuffer, scratch: inout NumberBuffer) {
        scratch.resize(numbers.count)
        let count = Int64(numbers.count)
        unsafe table.sort(&numbers.storage, &scratch.storage, count)
    }

    func gaps(_ sorted: NumberBuffer) -> JudgingGaps {
        unsafe table.gaps(sorted.storage, Int64(sorted.count))
    }

    /// Per x the number of y below x - shift, into a row of `ranks`. Both ascend, y without ties; infinity follows both.
    func ranks(
        of x: NumberBuffer,
        shift: Double,
        among y: NumberBuffer,
        into ranks: inout RankBuffer,
        row: Int
    ) -> JudgingCounts {
        precondition(row < ranks.rows && x.count <= ranks.stride)
        let start = row * ranks.stride
        return unsafe ranks.storage.withUnsafeMutableBufferPointer { below in
            guard let below = below.baseAddress else { return JudgingCounts() }
            return unsafe table.ranks(x.storage, Int64(x.count), shift, y.storage, Int64(y.count), below + start)
        }
    }

    /// Lists the pairs whose order differs at two shifts: of each x with the y from its rank at the upper shift up to that
    /// at the lower one, and the y that is tied with it there. Without ties there the lower shift is NaN.
    ///
    /// There is room in `pairs` for as many as there are.
    func list(
        _ x: WeightedNumbers,
        _ y: WeightedNumbers,
        weighted: Bool,
        between lower: (shift: Double, row: Int),
        and upper: Int,
        of ranks: RankBuffer,
        into pairs: inout ListedPairs
    ) {
        precondition(max(lower.row, upper) < ranks.rows && x.numbers.count <= ranks.stride)
        let (from, to) = (upper * ranks.stride, lower.row * ranks.stride)
        let count = unsafe ranks.storage.withUnsafeBufferPointer { ranks in
            unsafe pairs.weights.withUnsafeMutableBufferPointer { weights in
                guard let ranks = ranks.baseAddress else { return 0 as Int64 }
                return unsafe table.list(
                    x.numbers.storage,
                    x.weights,
                    Int64(x.numbers.count),
                    y.numbers.storage,
                    y.weights,
                    ranks + from,
                    ranks + to,
                    lower.shift,
                    &pairs.x,
                    &pairs.y,
                    weighted ? weights.baseAddress : nil
                )
            }
        }
        pairs.count = Int(count)
    }

    /// Counts the listed pairs whose y lies below x - shift, or on it.
    func count(_ pairs: ListedPairs, weighted: Bool, shift: Double) -> JudgingCounts {
        unsafe pairs.weights.withUnsafeBufferPointer { weights in
            unsafe table.count(pairs.x, pairs.y, weighted ? weights.baseAddress : nil, Int64(pairs.count), shift)
        }
    }
}
