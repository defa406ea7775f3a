import Judging
import JudgingKernels
import Measuring

/// Both sides of a pair in the memory that kernels read and write, which is kept until the process ends.
struct KernelSeries {
    let count: Int64
    /// In the order of time.
    let control: UnsafeMutablePointer<Double>
    let experiment: UnsafeMutablePointer<Double>
    /// Ascending.
    let x: UnsafeMutablePointer<Double>
    let y: UnsafeMutablePointer<Double>

    let copy: UnsafeMutablePointer<Double>
    let scratch: UnsafeMutablePointer<Double>
    let ranks: UnsafeMutablePointer<Int32>

    /// In the middle of the differences of the sides, and two shifts around it between which about as many pairs change
    /// their order as there are samples a side.
    let shift: Double
    let lowerRanks: UnsafeMutablePointer<Int32>
    let upperRanks: UnsafeMutablePointer<Int32>
    /// These pairs.
    let listedX: UnsafeMutablePointer<Double>
    let listedY: UnsafeMutablePointer<Double>
    let listed: Int64

    init(_ pair: MetricPair, _ kernels: JudgingKernels) throws {
        let samples = pair.control.count
        let room = 2 * samples + 3 * Int(JudgingKernelsPadding)
        func memory(_ numbers: [Double] = []) -> UnsafeMutablePointer<Double> {
            let memory = UnsafeMutablePointer<Double>.allocate(capacity: room)
            memory.initialize(repeating: 0, count: room)
            for (index, number) in numbers.enumerated() { memory[index] = number }
            return memory
        }
        func ranksMemory() -> UnsafeMutablePointer<Int32> {
            let memory = UnsafeMutablePointer<Int32>.allocate(capacity: room)
            memory.initialize(repeating: 0, count: room)
            return memory
        }
        let count = Int64(samples)
        let (x, y) = (memory(pair.experiment), memory(pair.control))
        let (copy, scratch, ranks) = (memory(), memory(), ranksMemory())
        let (lowerRanks, upperRanks) = (ranksMemory(), ranksMemory())
        let (listedX, listedY) = (memory(), memory())
        kernels.sort(x, scratch, count)
        kernels.sort(y, scratch, count)

        let shift = x[samples / 2] - y[samples / 2]
        var width = 0.0
        var tooWide = x[samples - 1] - y[0] - shift
        for _ in 0..<60 {
            let middle = (width + tooWide) / 2
            let lower = kernels.ranks(x, count, shift - middle, y, count, lowerRanks)
            let upper = kernels.ranks(x, count, shift + middle, y, count, upperRanks)
            if lower.below - upper.below <= count { width = middle } else { tooWide = middle }
        }
        _ = kernels.ranks(x, count, shift - width, y, count, lowerRanks)
        _ = kernels.ranks(x, count, shift + width, y, count, upperRanks)
        let listed = kernels.list(x, nil, count, y, nil, upperRanks, lowerRanks, .nan, listedX, listedY, nil)
        try check(listed <= count && listed > count - 4, "\(listed) pairs are listed instead of \(count)")

        self.count = count
        control = memory(pair.control)
        experiment = memory(pair.experiment)
        (self.x, self.y, self.copy, self.scratch, self.ranks) = (x, y, copy, scratch, ranks)
        (self.shift, self.lowerRanks, self.upperRanks) = (shift, lowerRanks, upperRanks)
        (self.listedX, self.listedY, self.listed) = (listedX, listedY, listed)
    }

    /// Everything that a kernel has written, in bits.
    var written: [UInt64] {
        let count = Int(count)
        return [copy, listedX, listedY].flatMap { memory in (0..<count).map { memory[$0].bitPattern } }
            + (0..<count).map { UInt64(UInt32(bitPattern: ranks[$0])) }
    }
}
