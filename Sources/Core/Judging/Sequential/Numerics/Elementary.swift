import Glibc

/// The exponential function and logarithms, of sums, products and quotients that each round once.
///
/// The C library has several of each, and takes the one for the processor that it runs on: their last bits differ. Sums that
/// are stored, and evidence, must be the same on every machine. Without branches, loops over them become vector
/// instructions.
enum Elementary {
    /// ln 2 in two parts: the first has so few digits that its products with exponents are exact.
    private static var ln2High: Double { 0x1.62e42fefap-1 }
    private static var ln2Low: Double { 0x1.cf79abc9e3b3ap-40 }

    /// The bits of √½, and how far those of 1 lie above them.
    private static var halfRoot: UInt64 { 0x3fe6_a09e_667f_3bcd }
    private static var aboveHalfRoot: UInt64 { 0x3ff0_0000_0000_0000 &- halfRoot }

    /// e to the power of a number, to about 1 in 10^16; 0 below -700, and infinite above 700.
    @inline(__always)
    static func exp(_ x: Double) -> Double {
        // x = n ln 2 + r with r of at most ln 2 / 2. Added to 1.5 * 2^52, n stands in the lowest bits.
        let shifted = x * 0x1.71547652b82fep0 + 0x1.8p52
        let n = shifted - 0x1.8p52
        let r = (x - n * ln2High) - n * ln2Low
        // Taylor's series.
        var sum = 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        let fraction = 1 + (r + r * r * sum)
        let power = Double(bitPattern: (shifted.bitPattern &+ 1023) &<< 52)
        return x < -700 ? 0 : x > 700 ? .infinity : fraction * power
    }

    /// ln of 1 + x for x above -1 and up to 2^50, to about 1 in 10^16.
    @inline(__always)
    static func log1p(_ x: Double) -> Double {
        let sum = 1 + x
        // What rounding took from the sum.
        let lost = x > 1 ? 1 - (sum - x) : x - (sum - 1)
        let (k, m) = parts(of: sum)
        let isNearOne = k == 0
        return logarithm(k, isNearOne ? x : m - 1, isNearOne ? 0 : lost / sum)
    }

    /// ln of a number above 0, to about 1 in 10^16.
    static func log(_ x: Double) -> Double {
        guard x.isNormal, x > 0 else { return Glibc.log(x) }
        let (k, m) = parts(of: x)
        return logarithm(k, m - 1, 0)
    }

    /// A number as m * 2^k with m from √½ to √2.
    @inline(__always)
    private static func parts(of x: Double) -> (k: Double, m: Double) {
        let shifted = x.bitPattern &+ aboveHalfRoot
        let k = Double(Int32(truncatingIfNeeded: shifted &>> 52) &- 1023)
        return (k, Double(bitPattern: (shifted & 0x000f_ffff_ffff_ffff) &+ halfRoot))
    }

    /// k ln 2 + ln(1 + f) + rest.
    @inline(__always)
    private static func logarithm(_ k: Double, _ f: Double, _ rest: Double) -> Double {
        // ln(1 + f) = 2 artanh s = 2 s (1 + z/3 + z²/5 + …), and 2 s = f - s f: rounding s does not touch the largest part.
        let s = f / (2 + f)
        let z = s * s
        var series = 2.0 / 23
        series = series * z + 2.0 / 21
        series = series * z + 2.0 / 19
        series = series * z + 2.0 / 17
        series = series * z + 2.0 / 15
        series = series * z + 2.0 / 13
        series = series * z + 2.0 / 11
        series = series * z + 2.0 / 9
        series = series * z + 2.0 / 7
        series = series * z + 2.0 / 5
        series = series * z + 2.0 / 3
        let half = 0.5 * f * f
        return (s * (half + z * series) + (k * ln2Low + rest)) - half + f + k * ln2High
    }
}
