import Glibc

/// What a sequential test of counts is expected to find, and after how much time, before it has begun.
///
/// Each event adds on average the Kullback-Leibler divergence of the experiment's share of events under the effect from its
/// share at the margin to the logarithm of the evidence, as in A. Wald's "Sequential Tests of Statistical Hypotheses"
/// (Annals of Mathematical Statistics 16, 1945). That the effect is not known beforehand costs about 2 more.
package struct DetectionPlan: Sendable, Equatable {
    /// The control's share of requests that are events, 0 to 1.
    package let baseRate: Double
    /// Requests of both sides in a unit of time.
    package let requests: Double
    /// The experiment's share of them; above 0, below 1.
    package let share: Double
    /// A ratio up to this counts as healthy; at least 1.
    package let margin: Double
    /// ln of the evidence that fails a release.
    package let threshold: Double
    /// The evidence counts as if it came from so many times fewer events; at least 1.
    package let dispersion: Double

    /// In ln of the evidence, against a test that knows the effect.
    package static let mixtureCost = 2.0

    /// Nil for numbers that are none, or of which nothing can be told: a share of 0, a threshold of 0 or less.
    ///
    /// - Parameters:
    ///   - levelShare: the metric's part of the level, above 0, at most 1.
    package init?(
        baseRate: Double,
        requests: Double,
        share: Double,
        margin: Double,
        alpha: Double = 0.05,
        levelShare: Double = 1,
        dispersion: Double = 1
    ) {
        guard baseRate >= 0, baseRate <= 1, requests >= 0, requests.isFinite, share > 0, share < 1, margin >= 1,
            margin.isFinite, alpha > 0, alpha < 1, levelShare > 0, levelShare <= 1, dispersion >= 1, dispersion.isFinite
        else { return nil }
        self.baseRate = baseRate
        self.requests = requests
        self.share = share
        self.margin = margin
        self.dispersion = dispersion
        threshold = -log(alpha * levelShare)
    }

    /// What an event adds to ln of the evidence on average, where the experiment has so many times the control's rate; 0
    /// up to the margin.
    package func growthPerEvent(ratio: Double) -> Double {
        guard ratio > margin else { return 0 }
        return Self.divergence(eventShare(ratio), eventShare(margin))
    }

    /// Events of both sides until the effect is found; nil up to the margin.
    package func events(toFind ratio: Double) -> Double? {
        let growth = growthPerEvent(ratio: ratio)
        guard growth > 0, growth.isFinite else { return nil }
        return (threshold + Self.mixtureCost) * dispersion / growth
    }

    /// Units of time until the effect is found; nil where it is never, or where there cannot be so many events.
    package func units(toFind ratio: Double) -> Double? {
        let perUnit = requests * baseRate * (1 - share + share * ratio)
        guard baseRate * ratio <= 1, perUnit > 0, let events = events(toFind: ratio) else { return nil }
        let units = events / perUnit
        return units.isFinite ? units : nil
    }

    /// The same with noise that is known from before the release: the longer the analysis, the more of what is slow in it
    /// counts. Nil also where more than `most` units are needed.
    package func units(toFind ratio: Double, noise: CountNoise, atMost most: Int) -> Double? {
        guard let units = units(toFind: ratio) else { return nil }
        let variance = { (units: Int) -> Double in
            switch noise.source {
            case .learned(let learned): learned.variance(units: units)
            case .assumed(let variance): variance
            case .none, .pairs: 0
            }
        }
        let perUnit = requests * baseRate * (1 - share + share * ratio)
        let chance = [eventShare(margin), eventShare(ratio)].map { perUnit * $0 * (1 - $0) }.max() ?? 0
        guard variance(max(1, most)) > 0 else { return units }
        return (1...max(1, most)).first { count in
            Double(count) >= units * (1 + 2 * variance(count) * chance)
        }.map(Double.init)
    }

    /// What healthy pods hide, however many requests there are: effects up to this ratio are not found; nil where none of 32
    /// times is.
    ///
    /// - Parameters:
    ///   - pods: of each side.
    ///   - spread: by how much they differ, as a part of their rate.
    package func smallestRatio(pods: Int, spread: Double) -> Double? {
        let count = Double(max(1, pods))
        let allowance = pods < PodSpread.fewestPods ? 1 : PodSpread.allowance(degrees: pods - 1)
        let variance = 2 / count * spread * spread * allowance
        let atMargin = eventShare(margin) * (1 - eventShare(margin))
        let needed = (threshold + Self.mixtureCost) * variance * atMargin
        return stride(from: 1.05, through: 32, by: 0.05).first { growthPerEvent(ratio: $0) >= needed }
    }

    /// Events of the experiment alone, with none of the control, that fail a release.
    package var fewestEvents: Int? {
        guard let fail = RatioMixture(.above, margin, .counts), let pass = RatioMixture(.below, 1.5, .counts) else {
            return nil
        }
        var engine = LikelihoodRatioEngine(fail: fail, pass: pass)
        for count in 1...Self.mostEvents {
            engine.add(1, of: 1, share: share)
            if engine.logFail(dispersion: dispersion) >= threshold { return count }
        }
        return nil
    }

    private static let mostEvents = 1000

    /// The experiment's share of events where its rate is so many times the control's.
    private func eventShare(_ ratio: Double) -> Double { share * ratio / (1 - share + share * ratio) }

    private static func divergence(_ first: Double, _ second: Double) -> Double {
        first * log(first / second) + (1 - first) * log((1 - first) / (1 - second))
    }
}
