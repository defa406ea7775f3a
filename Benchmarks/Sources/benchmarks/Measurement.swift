/// The processor time of one call, measured several times.
struct Measurement {
    /// Seconds a call, in the order measured.
    let samples: [Double]

    var median: Double { Self.median(of: samples) }

    /// How far the samples lie apart, relative to their median.
    var spread: String {
        let lowest = (samples.min() ?? median) / median - 1
        let highest = (samples.max() ?? median) / median - 1
        return "\(Self.percent(lowest)) … \(Self.percent(highest))"
    }

    /// The median of the quotients round by round, so that whatever slowed a round slowed both.
    static func ratio(_ one: Measurement, to other: Measurement) -> Double {
        median(of: zip(one.samples, other.samples).map { $0 / $1 })
    }

    static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func percent(_ share: Double) -> String {
        let percent = Int((share * 100).rounded())
        return "\(percent < 0 ? "−" : "+")\(percent.magnitude) %"
    }
}

extension Measurement {
    typealias Work = () async throws -> Void

    private static let rounds = 11
    /// Seconds of processor time that one sample takes at least, about.
    private static let sampleTime = 0.2

    static func of(_ work: Work) async throws -> Measurement {
        let calls = try await calls(of: work)
        var samples: [Double] = []
        for _ in 0..<rounds { samples.append(try await time(of: work, calls: calls)) }
        return Measurement(samples: samples)
    }

    /// Two works in turns, one sample each a round.
    static func ofPair(_ one: Work, _ other: Work) async throws -> (Measurement, Measurement) {
        let calls = (try await calls(of: one), try await calls(of: other))
        var samples: ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            samples.0.append(try await time(of: one, calls: calls.0))
            samples.1.append(try await time(of: other, calls: calls.1))
        }
        return (Measurement(samples: samples.0), Measurement(samples: samples.1))
    }

    /// How many calls make a sample; finding out warms up.
    private static func calls(of work: Work) async throws -> Int {
        var calls = 1
        while true {
            let seconds = try await time(of: work, calls: calls) * Double(calls)
            if seconds >= sampleTime / 4 { return max(1, Int(Double(calls) * sampleTime / seconds)) }
            calls *= 2
        }
    }

    private static func time(of work: Work, calls: Int) async throws -> Double {
        let start = ProcessorTime.now()
        for _ in 0..<calls { try await work() }
        return (ProcessorTime.now() - start) / Double(calls)
    }
}
