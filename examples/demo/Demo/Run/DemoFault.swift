/// Something that goes wrong on purpose: `kill -9`, and a start with the same arguments on the same port.
package struct DemoFault: Sendable, Equatable {
    /// What can be killed. The embedded broker cannot: it is in memory, and it takes a new port each time.
    package enum Target: String, Sendable, CaseIterable {
        case serve, rollout, prometheus

        var process: DemoProcess {
            switch self {
            case .serve: .serve
            case .rollout: .rollout
            case .prometheus: .prometheus
            }
        }
    }

    package var target: Target
    /// How long it stays away.
    package var downtime: Duration

    package init(kill target: Target, downtime: Duration = .zero) {
        self.target = target
        self.downtime = downtime
    }
}

/// A point of a release at which a fault may be put in.
package enum DemoMoment: Sendable, Equatable {
    /// The deploy event has been sent.
    case deployed(version: String)
    /// So many whole seconds have passed since.
    case second(version: String, Int)
    /// An interim verdict has come.
    case look(version: String, Int)
    case finalVerdict(version: String)
    /// The controller has said what it did.
    case acted(version: String)
}

/// The processes of the demo, in the order of their start.
package enum DemoProcess: String, Sendable, CaseIterable {
    case broker, shop, prometheus, serve, rollout
}
