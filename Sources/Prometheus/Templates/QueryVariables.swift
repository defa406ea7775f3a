/// The values that a query template is filled with.
package struct QueryVariables: Sendable {
    /// The labels of one side, control or experiment, in order.
    package var scope: [(label: String, value: String)]
    /// `application`, `environment`, `namespace`, `cluster`, `version`, `revision`, as far as they are known.
    package var values: [String: String]
    package var step: Duration?
    package var interval: Duration?
    package var window: Duration?

    package init(
        scope: [(label: String, value: String)] = [],
        values: [String: String] = [:],
        step: Duration? = nil,
        interval: Duration? = nil,
        window: Duration? = nil
    ) {
        self.scope = scope
        self.values = values
        self.step = step
        self.interval = interval
        self.window = window
    }
}
