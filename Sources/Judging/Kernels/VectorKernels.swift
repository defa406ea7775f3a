import JudgingKernels

/// The vector kernels of one instruction set, over arrays instead of pointers.
///
/// This is the only file that takes pointers. What it may touch is checked here: arrays that a kernel writes or reads
/// beyond its count come from `NumberBuffer`, whose room is known.
struct VectorKernels: Sendable {
    private let table: JudgingKernels

    /// The kernels of the best instruction set.
    static let common = VectorKernels(.best)

    /// The kernels of an instruction set that this processor has.
    init(_ set: InstructionSet) {
        guard let kernels = JudgingKernelsFor(set.identifier) else {
            preconditionFailure("this processor does not have \(set.rawValue)")
        }
        table = kernels.pointee
    }

    /// Puts the samples into `copy`, those that are NaN left out or replaced by 0.
    func clean(_ samples: Span<Double>, _ strategy: NaNStrategy, into copy: inout NumberBuffer) {
        copy.resize(samples.count)
        let kept = samples.withUnsafeBufferPointer { samples in
            guard let source = samples.baseAddress else { return 0 }
            return copy.withPointer { (target: UnsafeMutablePointer<Double>) in
                switch strategy {
                case .remove: return Int(table.copyWithoutNaN(source, Int64(samples.count), target))
                case .replace:
                    table.copyReplacingNaN(source, Int64(samples.count), target)
                    return samples.count
                }
            }
        }
        copy.resize(kept)
    }

    /// Mean and deviations of two series, each in its own order.
    func moments(_ first: NumberBuffer, _ second: NumberBuffer) -> (first: JudgingMoments, second: JudgingMoments) {
        first.withPointer { firsts in
            second.withPointer { seconds in
                let moments = table.moments(firsts, Int64(first.count), seconds, Int64(second.count))
                return (moments.first, moments.second)
            }
        }
    }

    /// Sorts ascending; of zeros of both signs only the number remains. No number is NaN.
    func sort(_ numbers: inout NumberBuffer, scratch: inout NumberBuffer) {
        scratch.resize(numbers.count)
        let count = Int64(numbers.count)
        numbers.withPointer { numbers in
            scratch.withPointer { scratch in table.sort(numbers, scratch, count) }
        }
    }

    func gaps(_ sorted: NumberBuffer) -> JudgingGaps {
        sorted.withPointer { table.gaps($0, Int64(sorted.count)) }
    }

    /// Per x the number of y below x - shift, into a row of `ranks`. Both ascend, y without ties; infinity follows both.
    func ranks(
        of x: NumberBuffer,
        shift: Double,
        among y: NumberBuffer,
        into ranks: inout RankBuffer,
        row: Int
    ) -> JudgingCounts {
        x.withPointer { xs in
            y.withPointer { ys in
                ranks.withPointer(toRow: row) { table.ranks(xs, Int64(x.count), shift, ys, Int64(y.count), $0) }
            }
        }
    }

    /// Lists the pairs whose order differs at two shifts: of each x with the y from its rank at the upper shift up to that
    /// at the lower one, and the y that is tied with it there. Without ties there the lower shift is NaN.
    func list(
        _ x: WeightedNumbers,
        _ y: WeightedNumbers,
        weighted: Bool,
        between lower: (shift: Double, row: Int),
        and upper: Int,
        of ranks: RankBuffer,
        into pairs: inout ListedPairs
    ) {
        pairs.fill { listedX, listedY, weights in
            x.numbers.withPointer { xs in
                y.numbers.withPointer { ys in
                    x.weights.withUnsafeBufferPointer { xWeights in
                        y.weights.withUnsafeBufferPointer { yWeights in
                            ranks.withPointer(toRow: upper) { from in
                                ranks.withPointer(toRow: lower.row) { to in
                                    let count = table.list(
                                        xs,
                                        xWeights.baseAddress,
                                        Int64(x.numbers.count),
                                        ys,
                                        yWeights.baseAddress,
                                        from,
                                        to,
                                        lower.shift,
                                        listedX,
                                        listedY,
                                        weighted ? weights : nil
                                    )
                                    return Int(count)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Counts the listed pairs whose y lies below x - shift, or on it.
    func count(_ pairs: ListedPairs, weighted: Bool, shift: Double) -> JudgingCounts {
        pairs.withPointers { x, y, weights in
            table.count(x, y, weighted ? weights : nil, Int64(pairs.count), shift)
        }
    }
}
