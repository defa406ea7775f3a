package import JSON
import Text

/// A config and a request in one body: Kayenta's `CanaryAdhocExecutionRequest`, and that of its standalone analyses.
package struct CanaryAdHocRequest: Sendable {
    package var config: CanaryConfig
    package var request: JSONValue

    package init(_ value: JSONValue) throws(KayentaProblem) {
        guard let object = value.object else { throw KayentaProblem("The body must be an object, not \(value.kind).") }
        for name in object.names where !["canaryConfig", "executionRequest"].contains(name) {
            throw KayentaProblem("\(name.excerpt()) has no meaning here.")
        }
        guard let config = object["canaryConfig"], config != .null else {
            throw KayentaProblem("canaryConfig must be provided for ad-hoc requests")
        }
        guard let request = object["executionRequest"], request != .null else {
            throw KayentaProblem("executionRequest must be provided for ad-hoc requests")
        }
        self.config = try CanaryConfig(config)
        self.request = request
    }
}
