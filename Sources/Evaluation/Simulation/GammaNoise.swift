import Foundation

/// Noise of a rate: factors with mean 1, a gamma distribution, and memory.
///
/// The factors are an AR(1) series of normal numbers seen through a Gaussian copula: normal number, its share of the normal
/// distribution, the gamma quantile of that share. They are read from a table over the normal number.
struct GammaNoise: Sendable {
    /// Of the factors; 0 for none.
    let variance: Double
    /// Correlation of the normal numbers of neighbours.
    let memory: Double
    private let logQuantiles: [Double]

    private static let reach = 8.0
    private static let cellsPerUnit = 64.0

    /// - Parameter variance: 0, or 1 over a whole number: the shape of the distribution is then whole.
    init(variance: Double, memory: Double) {
        self.variance = variance
        self.memory = memory
        guard variance > 0 else {
            logQuantiles = []
            return
        }
        let shape = (1 / variance).rounded()
        precondition(shape >= 1 && (shape * variance - 1).magnitude < 1e-9, "the shape is whole")
        let cells = Int(2 * Self.reach * Self.cellsPerUnit)
        var quantiles: [Double] = []
        for cell in 0...cells {
            let z = Double(cell) / Self.cellsPerUnit - Self.reach
            // Neighbours lie near: the first one can lie anywhere.
            let range = quantiles.last.map { $0...$0 + 1 } ?? -40...7
            quantiles.append(Self.logQuantile(of: z, shape: shape, in: range))
        }
        logQuantiles = quantiles.map { $0 - log(shape) }
    }

    /// `count` factors in a row.
    func factors(_ count: Int, from stream: inout RandomStream) -> [Double] {
        guard variance > 0 else { return [Double](repeating: 1, count: count) }
        let fresh = (1 - memory * memory).squareRoot()
        var z = stream.normal()
        return (0..<count).map { index in
            if index > 0 { z = memory * z + fresh * stream.normal() }
            return factor(z)
        }
    }

    private func factor(_ z: Double) -> Double {
        let place = (min(max(z, -Self.reach), Self.reach) + Self.reach) * Self.cellsPerUnit
        let cell = min(Int(place), logQuantiles.count - 2)
        let part = place - Double(cell)
        return exp(logQuantiles[cell] + part * (logQuantiles[cell + 1] - logQuantiles[cell]))
    }

    /// ln of the quantile at the normal distribution's share below z, of a gamma distribution with a whole shape.
    private static func logQuantile(of z: Double, shape: Double, in range: ClosedRange<Double>) -> Double {
        // Both tails by themselves, so that none is lost in a difference from 1.
        let share = 0.5 * erfc(z.magnitude / 2.0.squareRoot())
        var (low, high) = (range.lowerBound, range.upperBound)
        while high - low > 1e-12 * max(1, high.magnitude) {
            let middle = (low + high) / 2
            let tails = erlangTails(exp(middle), shape: shape)
            let isBelow = z < 0 ? tails.lower < share : tails.upper > share
            if isBelow { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The shares below and above x: sums of Poisson probabilities.
    private static func erlangTails(_ x: Double, shape: Double) -> (lower: Double, upper: Double) {
        var term = exp(-x)
        var upper = 0.0
        var index = 0.0
        while index < shape {
            upper += term
            index += 1
            term *= x / index
        }
        var lower = 0.0
        while term > lower * 1e-17, index < shape + 2000 {
            lower += term
            index += 1
            term *= x / index
        }
        return (lower, upper)
    }
}
