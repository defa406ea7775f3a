import Judging
import SeededRandom
import Testing

/// Kinds of samples that bring out different sides of the numerics.
enum SampleFamily: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case normal
    case logNormal
    case sixHundredOrders
    case smallIntegers
    case roundedToTenths
    case zeroInflated
    case constants
    case infiniteConstants
    case nearlyConstant
    case outliers
    case missing
    case infinite
    case denormal
    case nearOverflow
    case signedZeros
    case neighbours
    case tiny
    case huge
    case anyBits

    var testDescription: String { rawValue }

    /// Hundreds of orders of magnitude take the root finder hundreds of steps, where others take ten.
    var takesManySteps: Bool { self == .sixHundredOrders || self == .anyBits }

    /// Samples of one side. `level` and `spread` are shared by the sides of a pair, so that they overlap.
    func samples(_ count: Int, level: Double, spread: Double, using generator: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in sample(level, spread, &generator) }
    }

    private func sample(_ level: Double, _ spread: Double, _ generator: inout SeededGenerator) -> Double {
        switch self {
        case .normal: return level + spread * generator.normal()
        case .logNormal: return generator.normal().exponential
        case .sixHundredOrders: return (generator.unit() * 1_380 - 690).exponential * generator.sign()
        case .smallIntegers: return Double(generator.integer(below: 5)) + (level < 50 ? 0 : 1)
        case .roundedToTenths: return (level + 10 * spread * generator.normal()).rounded() / 10
        case .zeroInflated: return generator.one(in: 3) ? level + spread * generator.normal() : 0
        case .constants: return level.rounded()
        case .infiniteConstants: return level < 0 ? -.infinity : level > 30 ? .infinity : level.rounded()
        case .nearlyConstant: return generator.one(in: 40) ? level + spread : level
        case .outliers: return generator.one(in: 20) ? 1e15 * generator.sign() : level + spread * generator.normal()
        case .missing: return generator.one(in: 4) ? .nan : level + spread * generator.normal()
        case .infinite: return generator.one(in: 12) ? .infinity * generator.sign() : level + generator.normal()
        case .denormal: return Double(generator.integer(below: 9)) * .leastNonzeroMagnitude * generator.sign()
        case .nearOverflow: return (generator.one(in: 2) ? 1e308 : 0.5e308 * generator.unit()) * generator.sign()
        case .signedZeros: return generator.one(in: 5) ? generator.normal() : 0 * generator.sign()
        case .neighbours: return Double(bitPattern: level.bitPattern + UInt64(generator.integer(below: 4)))
        case .tiny: return 1e-6 * (level + spread * generator.normal())
        case .huge: return 1e12 * (level + spread * generator.normal())
        case .anyBits: return Double(bitPattern: generator.next())
        }
    }
}

extension SeededGenerator {
    /// 0 up to, but without, 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Roughly normal: mean 0, variance 1.
    mutating func normal() -> Double {
        unit() + unit() + unit() + unit() + unit() + unit() - unit() - unit() - unit() - unit() - unit() - unit()
    }

    mutating func integer(below limit: Int) -> Int { Int(truncatingIfNeeded: next() >> 33) % limit }

    mutating func one(in count: Int) -> Bool { integer(below: count) == 0 }

    mutating func sign() -> Double { next() & 1 << 40 == 0 ? 1 : -1 }

    mutating func element<Element>(of elements: [Element]) -> Element { elements[integer(below: elements.count)] }
}

extension Double {
    /// About e to the power of this: good enough for samples, and the same on each platform.
    fileprivate var exponential: Double {
        let binary = self * 1.442695040888963
        let whole = binary.rounded(.down)
        return Double(sign: .plus, exponent: Int(whole), significand: 1 + (binary - whole))
    }
}
