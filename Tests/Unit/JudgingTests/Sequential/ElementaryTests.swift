import Foundation
import SeededRandom
import Testing

@testable import Judging

@Suite("The judge's own exponential function and logarithms")
struct ElementaryTests {
    private static func isNear(_ value: Double, _ expected: Double) -> Bool {
        (value - expected).magnitude <= 2 * expected.ulp
    }

    @Test func agreeWithTheCLibrary() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let power = -60 * generator.fraction()
            #expect(Self.isNear(Elementary.exp(power), exp(power)), "exp(\(power))")
            let growth = generator.chance(0.5) ? 31 * generator.fraction() : -0.97 * generator.fraction()
            let scale = generator.chance(0.5) ? 1 : pow(10, -12 * generator.fraction())
            #expect(Self.isNear(Elementary.log1p(growth * scale), log1p(growth * scale)), "log1p(\(growth * scale))")
            let number = pow(10, 100 * (generator.fraction() - 0.5))
            #expect(Self.isNear(Elementary.log(number), log(number)), "log(\(number))")
        }
    }

    /// Of additions, products and quotients that each round once: on another machine, or built otherwise, they are the same.
    @Test func haveTheSameBitsEverywhere() {
        var bits: (exp: UInt64, log1p: UInt64, log: UInt64) = (0, 0, 0)
        for index in 0..<1000 {
            bits.exp = bits.exp &* 31 &+ Elementary.exp(Double(index) * -0.0613).bitPattern
            bits.log1p = bits.log1p &* 31 &+ Elementary.log1p(Double(index - 30) / 31.5).bitPattern
            bits.log = bits.log &* 31 &+ Elementary.log(Double(index + 1) * 0.37).bitPattern
        }
        #expect(bits.exp == 3_197_728_207_272_690_369)
        #expect(bits.log1p == 11_219_505_624_687_522_458)
        #expect(bits.log == 11_621_495_561_521_422_887)
    }

    @Test func ends() {
        #expect(Elementary.exp(701) == .infinity && Elementary.exp(1e300) == .infinity)
        #expect(Elementary.exp(0) == 1 && Elementary.exp(-701) == 0 && Elementary.exp(-.infinity) == 0)
        #expect(Elementary.exp(.nan).isNaN && Elementary.log1p(.nan).isNaN && Elementary.log(.nan).isNaN)
        #expect(Elementary.log1p(0) == 0 && Elementary.log(1) == 0 && Elementary.log(0) == -.infinity)
        #expect(Elementary.log(.infinity) == .infinity && Elementary.log(-1).isNaN)
        #expect(Elementary.log(.leastNonzeroMagnitude) == log(.leastNonzeroMagnitude))
    }
}

@Suite("ln of a sum of exponentials")
struct LogSumTests {
    @Test func sums() {
        #expect(LogSum.of([Double]()) == -.infinity)
        #expect(LogSum.of([-.infinity, -.infinity]) == -.infinity)
        #expect(LogSum.of([1, .infinity]) == .infinity)
        #expect(close(LogSum.of([0, 0, 0]), log(3.0)))
        #expect(LogSum.of([5000, 4000]) == 5000)
        #expect(close(LogSum.of([-5000, -5000]), -5000 + log(2.0)))
        #expect(LogSum.of([1, .nan]).isNaN)
    }

    @Test func means() {
        #expect(close(LogSum.ofMean(log(2.0), log(4.0)), log(3.0)))
        #expect(close(LogSum.ofMean([log(2.0), log(4.0), log(6.0)]), log(4.0)))
        #expect(close(LogSum.ofMean([0.7]), 0.7))
        #expect(LogSum.ofMean(-.infinity, -.infinity) == -.infinity)
    }
}
