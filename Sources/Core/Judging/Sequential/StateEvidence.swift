/// What the units so far say about one metric, at whatever time it is asked.
package struct StateEvidence: Sendable, Equatable {
    /// ln of the evidence for harm: a release without harm reaches ln(1/a) with probability of about a at most.
    package var logFail: Double
    /// ln of the evidence against harm, in the same sense.
    package var logPass: Double
    /// By what the log likelihoods of the first run were divided; 1 is chance alone.
    package var dispersion: Double
    /// The ratio of experiment to control that fits best; nil while nothing is known. At 1/32 and 32 it means "or less" and
    /// "or more".
    package var estimate: Double?
    /// The ratios that are not excluded at the level asked for, at any time.
    package var interval: ClosedRange<Double>?
    /// The units that count: neither refused nor without one of the sides.
    package var units: Int
    /// The first unit of the run with the largest part of the evidence for harm: about when harm began, to a quarter of the
    /// analysis. A search over every unit would have to keep every unit.
    package var harmSince: Int

    /// Evidence of nothing.
    package static let nothing = StateEvidence(
        logFail: 0,
        logPass: 0,
        dispersion: 1,
        estimate: nil,
        interval: nil,
        units: 0,
        harmSince: 0
    )

    /// A level to compute with: one that is none, or lies outside of 0 to 1, counts as 0.05.
    static func usable(level: Double) -> Double { level > 0 && level < 1 ? max(level, 1e-300) : 0.05 }

    /// Numbers that are none are evidence of nothing. They come from damaged states only.
    mutating func dropNonsense() {
        if logFail.isNaN { logFail = 0 }
        if logPass.isNaN { logPass = 0 }
    }
}
