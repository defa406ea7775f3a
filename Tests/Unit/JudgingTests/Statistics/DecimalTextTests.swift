import SeededRandom
import Testing

@testable import Judging

@Suite struct DecimalTextTests {
    @Test(
        arguments: [
            (33.333333333333336, 33.33), (66.66666666666667, 66.67), (2.675, 2.68), (1.005, 1.01), (0.125, 0.13),
            (99.995, 100), (89.985, 89.99), (0, 0), (-2.675, -2.68), (0.004, 0), (0.005, 0.01), (9.999, 10),
            (1e21, 1e21), (1.2345e-7, 0), (1e308, 1e308), (123456789.125, 123456789.13),
            (.infinity, .infinity), (-.infinity, -.infinity), (.nan, .nan),
        ] as [(Double, Double)]
    )
    func roundsHalfUpOnTheDecimalText(value: Double, expected: Double) {
        #expect(same(value.roundedHalfUp(toPlaces: 2), expected, within: 0))
    }

    @Test func keepsTheSignOfARoundedZero() {
        #expect((-0.001).roundedHalfUp(toPlaces: 2).sign == .minus)
        #expect(0.001.roundedHalfUp(toPlaces: 2).sign == .plus)
    }

    @Test func givesEveryValueBack() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(DecimalText(value)?.value.bitPattern == value.bitPattern)
        }
    }
}

@Suite struct ReadableNumberTests {
    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (0.034, "0.034"), (0.012, "0.012"), (1.0 / 3, "0.3333"), (1, "1"), (10, "10"),
            (12.345, "12.35"), (123456.7, "123457"), (-2.5, "-2.5"), (99.995, "100"), (0.00012345, "0.0001235"),
            (1.5e-9, "1.5e-9"), (1e20, "1e20"), (1.23456e30, "1.235e30"), (9.9999e29, "1e30"), (.nan, "NaN"),
            (.infinity, "Inf"), (1_000_000, "1000000"),
        ] as [(Double, String)]
    )
    func readsWell(value: Double, expected: String) {
        #expect(value.readable == expected)
    }
}

@Suite struct WholeDecimalTextTests {
    @Test(
        arguments: [
            (0, 0, 0), (7, 7, 1), (1_200, 12, 4), (-40, 4, 2), (0x1p53, 9_007_199_254_740_992, 16),
            (0x1p53 + 2, 9_007_199_254_740_994, 16), (1e22, 1, 23), (0.1, 1, 0), (0.00125, 125, -2),
            (1.7976931348623157e308, 17_976_931_348_623_157, 309), (.leastNonzeroMagnitude, 5, -323),
        ] as [(Double, UInt64, Int)]
    )
    func hasDigitsAndAPoint(value: Double, digits: UInt64, point: Int) throws {
        let text = try #require(DecimalText(value))
        #expect(text.digits == digits)
        #expect(text.point == point)
        #expect(text.count == (digits == 0 ? 0 : "\(digits)".count))
    }

    /// Whole numbers are read without their text.
    @Test func readsWholeNumbersAsTheirTextDoes() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let number = generator.next() >> (11 + generator.next() % 50)
            let text = try #require(DecimalText(Double(number)))
            #expect(text.value == Double(number))
            #expect(text.point == (number == 0 ? 0 : "\(number)".count))
        }
    }
}
