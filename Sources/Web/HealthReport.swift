/// What `/readyz` answers: whether requests may be sent here, and how the things are that this process leans on.
package struct HealthReport: Codable, Equatable, Sendable {
    package enum State: String, Codable, Sendable {
        case up
        case down
    }

    /// One thing that this process leans on.
    package struct Dependency: Codable, Equatable, Sendable {
        package var state: State
        /// While it is down, the process is not ready.
        package var decides: Bool
        /// What is wrong with it.
        package var reason: String?

        /// Up without a reason, down with one.
        package init(decides: Bool, trouble: String?) {
            self.state = trouble == nil ? .up : .down
            self.decides = decides
            self.reason = trouble
        }
    }

    package var ready: Bool
    /// Stopping: from the signal on, the process is not ready, while it still answers.
    package var stopping: Bool
    /// By name.
    package var dependencies: [String: Dependency]

    package init(stopping: Bool = false, dependencies: [String: Dependency] = [:]) {
        self.ready = !stopping && dependencies.values.allSatisfy { $0.state == .up || !$0.decides }
        self.stopping = stopping
        self.dependencies = dependencies
    }

    /// For those who may know how things are, and not why.
    var withoutReasons: HealthReport {
        var report = self
        for name in report.dependencies.keys { report.dependencies[name]?.reason = nil }
        return report
    }
}
