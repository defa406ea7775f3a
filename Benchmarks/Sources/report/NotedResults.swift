import Foundation

/// What the benchmarks of a run noted: values in the order noted, by benchmark and name.
struct NotedResults {
    private var values: [String: [String: [String]]] = [:]

    init(path: String) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 2).map { String($0) }
            if parts.count == 3 { values[parts[0], default: [:]][parts[1], default: []].append(parts[2]) }
        }
    }

    func text(_ benchmark: String, _ name: String) -> String? { values[benchmark]?[name]?.last }

    /// Nil when nothing was noted: the benchmark did not run, or what it needs is not installed.
    func rounds(_ benchmark: String, _ name: String) -> Rounds? {
        guard let texts = values[benchmark]?[name] else { return nil }
        let numbers = texts.compactMap { Double($0) }
        return numbers.isEmpty ? nil : Rounds(values: numbers)
    }
}

/// One number, measured several times.
struct Rounds {
    /// In the order measured.
    let values: [Double]

    var median: Double { Self.median(of: values) }

    /// How far the rounds lie apart, relative to their median.
    var spread: String {
        let lowest = (values.min() ?? median) / median - 1
        let highest = (values.max() ?? median) / median - 1
        return "\(Self.percent(lowest)) … \(Self.percent(highest))"
    }

    /// The median of the quotients round by round, so that whatever slowed a round slowed both.
    func ratio(to other: Rounds) -> Double { Self.median(of: zip(values, other.values).map { $0 / $1 }) }

    private static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func percent(_ share: Double) -> String {
        let percent = Int((share * 100).rounded())
        return "\(percent < 0 ? "−" : "+")\(percent.magnitude) %"
    }
}
