import JudgingKernels
import SeededRandom
import Testing

@testable import Judging

/// Every kernel on every instruction set of this processor: what it is to do, and the same bits.
@Suite struct VectorKernelsTests {
    private static let counts = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 127, 128, 129, 191, 192, 193, 1_440]

    private static func numbers(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return generator.samples(count, around: 3, spread: 2)
    }

    @Test func oneInstructionSetIsAlwaysThere() {
        #expect(InstructionSet.available.contains(.best))
    }

    @Test(arguments: InstructionSet.available)
    func sorts(set: InstructionSet) {
        let kernels = VectorKernels(set)
        var scratch = NumberBuffer()
        for count in Self.counts {
            for numbers in [
                Self.numbers(count, seed: UInt64(count)), Self.numbers(count, seed: 1).map { $0.rounded() },
                (0..<count).map { Double($0) }, (0..<count).map { Double(-$0) },
                (0..<count).map {
                    $0.isMultiple(of: 5) ? .infinity : $0.isMultiple(of: 7) ? -.infinity : Double($0 % 11)
                },
            ] {
                var buffer = NumberBuffer(numbers)
                kernels.sort(&buffer, scratch: &scratch)
                #expect(buffer.elementsEqual(numbers.sorted()), "\(count) numbers")
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func cleans(set: InstructionSet) {
        let kernels = VectorKernels(set)
        var copy = NumberBuffer()
        for count in Self.counts {
            var numbers = Self.numbers(count, seed: UInt64(count))
            for gaps in [1, 3, 9] {
                for index in stride(from: count - 1, through: 0, by: -gaps * 5) { numbers[index] = .nan }
                kernels.clean(numbers.span, .remove, into: &copy)
                #expect(copy.elementsEqual(numbers.filter { !$0.isNaN }))
                kernels.clean(numbers.span, .replace, into: &copy)
                #expect(copy.elementsEqual(numbers.map { $0.isNaN ? 0 : $0 }))
            }
        }
    }

    @Test func momentsHaveTheSameBits() {
        for count in Self.counts {
            let first = NumberBuffer(Self.numbers(count, seed: 1))
            let second = NumberBuffer(Self.numbers(count / 2 + 3, seed: 2))
            let moments = InstructionSet.available.map { Moments.both(first, second, VectorKernels($0)) }
            #expect(moments.allSatisfy { $0.1 == moments[0].1 })
            #expect(moments.allSatisfy { count == 0 ? $0.0.mean.isNaN : $0.0 == moments[0].0 })
            // The order of the two makes no difference to either.
            let swapped = Moments.both(second, first, .common)
            #expect(swapped.0 == moments[0].1)
        }
    }

    @Test(arguments: InstructionSet.available)
    func findsGapsAndTies(set: InstructionSet) {
        let kernels = VectorKernels(set)
        for count in Self.counts where count > 0 {
            var numbers = (0..<count).map { Double($0 * $0 + $0) }
            #expect(kernels.gaps(NumberBuffer(numbers)).smallest == (count > 1 ? 2 : .infinity))
            #expect(kernels.gaps(NumberBuffer(numbers)).hasTies == 0)
            guard count > 2 else { continue }
            numbers[count - 2] = numbers[count - 1] - 0.5
            #expect(kernels.gaps(NumberBuffer(numbers)).smallest == 0.5)
            numbers[count - 2] = numbers[count - 1]
            #expect(kernels.gaps(NumberBuffer(numbers)).hasTies != 0)
        }
    }

    @Test(arguments: InstructionSet.available)
    func ranks(set: InstructionSet) {
        let kernels = VectorKernels(set)
        for (xCount, yCount) in zip(Self.counts.dropFirst(), Self.counts.dropFirst().reversed()) {
            let x = CleanedSamples(Self.numbers(xCount, seed: 3), kernels: kernels).sorted
            let y = CleanedSamples(Self.numbers(yCount, seed: 4), kernels: kernels).sorted
            var rows = RankBuffer()
            rows.clear(count: xCount)
            let row = rows.append()
            for shift in [-20, -1, 0, 0.3, 20] {
                let counts = kernels.ranks(of: x, shift: shift, among: y, into: &rows, row: row)
                let expected = x.map { x in y.count { $0 < x - shift } }
                #expect((0..<xCount).map { rows[row, $0] } == expected)
                #expect(counts.below == Int64(expected.reduce(0, +)))
                #expect(counts.ties == 0)
            }
        }
    }
}
