import Foundation

/// How an experiment is made worse than it was.
package struct Degradation: Sendable, Hashable {
    package enum Shape: String, Sendable, CaseIterable {
        /// From the first unit on.
        case step
        /// Growing evenly (as a ratio) over the first third.
        case ramp
        /// From the middle on.
        case half
    }

    /// The ratio at its full size; 1 is a healthy release.
    package var ratio: Double
    package var shape: Shape

    package init(_ ratio: Double, _ shape: Shape = .step) {
        self.ratio = ratio
        self.shape = shape
    }

    package static let none = Degradation(1)

    /// By what the metric of a unit is multiplied; divided, where less is worse.
    package func factor(at unit: Int, of planned: Int) -> Double {
        switch shape {
        case .step: ratio
        case .ramp: pow(ratio, min(1, Double(unit + 1) / max(1, Double(planned) / 3)))
        case .half: unit >= planned / 2 ? ratio : 1
        }
    }
}
