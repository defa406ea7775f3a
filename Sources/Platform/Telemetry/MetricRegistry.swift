import Synchronization

/// Every metric of the process, rendered for Prometheus.
package final class MetricRegistry: Sendable {
    private let families = Mutex<[MetricFamily]>([])
    private let collectors = Mutex<[@Sendable () -> Void]>([])

    package init() {}

    /// Bounds of a histogram of seconds, from 1 ms to 60 s.
    package static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    /// Runs `collect` before each rendering, to bring gauges up to date.
    package func onRender(_ collect: @escaping @Sendable () -> Void) {
        collectors.withLock { $0.append(collect) }
    }

    /// All metrics in the Prometheus text format, version 0.0.4.
    package func render() -> String {
        for collect in collectors.withLock({ $0 }) { collect() }
        var text = ""
        for family in registered { family.render(into: &text) }
        return text
    }

    /// Every metric, by name.
    package var registered: [MetricFamily] { families.withLock { $0 }.sorted { $0.name < $1.name } }

    package var names: [String] { registered.map(\.name) }

    /// False when there is a metric of that name.
    func registerIfNew(_ family: MetricFamily) -> Bool {
        families.withLock { families in
            guard !families.contains(where: { $0.name == family.name }) else { return false }
            families.append(family)
            return true
        }
    }

    func register(_ family: MetricFamily) -> MetricFamily {
        let isNew = registerIfNew(family)
        precondition(isNew, "\(family.name) is registered twice")
        return family
    }
}
