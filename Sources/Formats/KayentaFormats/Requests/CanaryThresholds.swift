package import JSON

/// From which score on a canary passes, and from which it is marginal.
package struct CanaryThresholds: Sendable, Equatable {
    package var pass: Double
    package var marginal: Double

    /// Kayenta takes a missing one for 0, which every canary reaches.
    package init(_ value: JSONValue?, path: String) throws(KayentaProblem) {
        guard let value else { throw KayentaProblem("Execution request must contain thresholds") }
        let thresholds = try KayentaObject(value, path, members: ["pass", "marginal"])
        try self.init(
            pass: try thresholds.required("pass", try thresholds.number("pass")),
            marginal: try thresholds.required("marginal", try thresholds.number("marginal"))
        )
    }

    package init(pass: Double, marginal: Double) throws(KayentaProblem) {
        guard pass > 0 else {
            throw KayentaProblem("The pass threshold must be above 0: a critical failure has the score 0.")
        }
        self.pass = pass
        self.marginal = marginal
    }

    var json: JSONValue { .object(["pass": .java(pass), "marginal": .java(marginal)]) }
}
