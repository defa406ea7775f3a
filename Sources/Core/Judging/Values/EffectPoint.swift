/// What was known of a metric's effect at one look.
package struct EffectPoint: Sendable, Equatable, Codable {
    /// Its number, from 1.
    package var look: Int
    /// How many times as much the experiment has, with the interval that holds at every look.
    package var ratio: Double
    package var lower: Double
    package var upper: Double
    /// Natural logarithm of the evidence for harm.
    package var evidence: Double

    package init(look: Int, ratio: Double, lower: Double, upper: Double, evidence: Double) {
        self.look = look
        self.ratio = ratio
        self.lower = lower
        self.upper = upper
        self.evidence = evidence
    }
}
