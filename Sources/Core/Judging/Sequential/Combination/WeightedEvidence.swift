/// What one decisive metric brings to the decision.
package struct WeightedEvidence: Sendable, Equatable {
    /// Its part of the level; parts are normalised to a sum of 1.
    package let weight: Double
    /// ln of its evidence for harm and against it.
    package let logFail: Double
    package let logPass: Double
    /// It has the requests and points that a pass needs at least.
    package let hasEnough: Bool

    package init(weight: Double, logFail: Double, logPass: Double, hasEnough: Bool = true) {
        self.weight = weight
        self.logFail = logFail
        self.logPass = logPass
        self.hasEnough = hasEnough
    }
}
