/// Which application depends on which others, as a file of the operator says.
package struct Dependencies: Sendable, Equatable {
    /// An application that another depends on, and how it is reached.
    package struct Reached: Sendable, Equatable {
        /// The applications on the way, the nearest first; empty for what is depended on directly.
        package var through: [String]
    }

    /// Steps from an application to what it depends on that are followed.
    static let maximumSteps = 5
    /// Applications that are followed from one.
    package static let maximumReached = 200

    private let direct: [String: [String]]

    package init(_ direct: [String: [String]] = [:]) {
        self.direct = direct
    }

    /// Applications that depend on others.
    package var count: Int { direct.count }

    /// Everything that the application depends on, by the shortest way; it itself is not among it, also where
    /// dependencies go in a circle.
    package func reached(from application: String) -> [String: Reached] {
        var reached: [String: Reached] = [:]
        var nearest: [(application: String, through: [String])] = [(application, [])]
        for _ in 1...Self.maximumSteps {
            var next: [(application: String, through: [String])] = []
            for (from, through) in nearest {
                for dependency in direct[from] ?? [] where dependency != application && reached[dependency] == nil {
                    guard reached.count < Self.maximumReached else { return reached }
                    reached[dependency] = Reached(through: through)
                    next.append((dependency, through + [dependency]))
                }
            }
            nearest = next
        }
        return reached
    }
}
