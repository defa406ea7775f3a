import Judging

/// Reads any bytes as a pair: settings and sizes first, then samples, alternating between the sides.
///
/// A sample takes one to nine bytes. The short forms are those that bring out differences: small whole numbers, earlier
/// samples again, their neighbours, runs. Where the bytes end, so do the samples.
struct PairReader {
    private static let largestSide = 300

    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var samples: [Double] = []
    private var run = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func pair() -> MetricPair {
        let settings = settings()
        let controlSize = size()
        let experimentSize = size()
        var control: [Double] = []
        var experiment: [Double] = []
        while control.count < controlSize || experiment.count < experimentSize {
            if control.count < controlSize {
                guard let sample = sample() else { break }
                control.append(sample)
            }
            if experiment.count < experimentSize {
                guard let sample = sample() else { break }
                experiment.append(sample)
            }
        }
        return MetricPair(name: "m", groups: ["g"], control: control, experiment: experiment, settings: settings)
    }

    private mutating func settings() -> MetricSettings {
        let flags = byte() ?? 0
        let outliers = byte() ?? 0
        return MetricSettings(
            direction: Direction.allCases[Int(flags & 3) % Direction.allCases.count],
            nanStrategy: flags & 4 == 0 ? .remove : .replace,
            outliers: outliers < 128 ? .keep : .remove(factor: Double(outliers - 128) / 16),
            effect: EffectLimits(
                measure: flags & 8 == 0 ? .meanRatio : .cles,
                allowedIncrease: limit(),
                allowedDecrease: limit(),
                criticalIncrease: limit(),
                criticalDecrease: limit()
            ),
            critical: flags & 16 != 0,
            mustHaveData: flags & 32 != 0,
            muted: flags & 64 != 0
        )
    }

    private mutating func limit() -> Double? {
        switch byte() ?? 0 {
        case 0..<64: nil
        case 254: .infinity
        case 255: .nan
        case let step: Double(step) / 64 - 2
        }
    }

    private mutating func size() -> Int {
        let size = byte() ?? 0
        // Sizes to 199 as they are; larger ones in steps.
        return size < 200 ? Int(size) : min(200 + (Int(size) - 200) * 2, Self.largestSide)
    }

    /// Nil where the bytes end.
    private mutating func sample() -> Double? {
        if run > 0, let last = samples.last {
            run -= 1
            return last
        }
        guard let form = byte() else { return nil }
        let sample = sample(form)
        samples.append(sample)
        return sample
    }

    private mutating func sample(_ form: UInt8) -> Double {
        switch form {
        case 0..<96: return Double(form) - 16
        case 96..<128: return Double(form - 96) / 10
        case 128..<144: return earlier()
        case 144..<160: return earlier().nextUp
        case 160..<176: return earlier().nextDown
        case 176..<184: return -earlier()
        case 184..<192: return earlier() * Double(sign: .plus, exponent: Int(byte() ?? 0) - 128, significand: 1)
        case 192..<200: return earlier() + Double(byte() ?? 0) / 256
        case 200..<224:
            run = Int(form - 199)
            return earlier()
        case 224..<232:
            let specials: [Double] = [
                .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e308, 1e15,
            ]
            return specials[Int(form - 224)]
        default: return Double(bitPattern: (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte() ?? 0) })
        }
    }

    /// One of the samples before, of either side.
    private mutating func earlier() -> Double {
        guard let back = byte(), !samples.isEmpty else { return 1 }
        return samples[samples.count - 1 - Int(back) % samples.count]
    }

    private mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }
}
