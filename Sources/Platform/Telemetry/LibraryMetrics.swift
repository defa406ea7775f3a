package import CoreMetrics
import Synchronization

/// What libraries count with swift-metrics (the web server's requests), in our registry.
///
/// Bounded on both sides: at most `maximumFamilies` names, and each with the bound on series of every metric. What comes
/// after that, or by the name of one of our own metrics, is not kept.
package final class LibraryMetrics: MetricsFactory {
    private let registry: MetricRegistry
    private let maximumFamilies: Int
    private let families = Mutex<[String: MetricFamily]>([:])

    package init(_ registry: MetricRegistry, maximumFamilies: Int = 50) {
        self.registry = registry
        self.maximumFamilies = maximumFamilies
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        LibrarySeries(family(label, "_total", .counter, dimensions), dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        LibrarySeries(family(label, "_total", .counter, dimensions), dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        LibrarySeries(family(label, "", .gauge, dimensions), dimensions)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        LibrarySeries(family(label, "", aggregate ? .histogram : .gauge, dimensions), dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        LibrarySeries(family(label, "_seconds", .histogram, dimensions), dimensions)
    }

    // A series stays: a counter that disappears and begins anew would be a reset to Prometheus.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// Nil when the metric is not kept.
    private func family(
        _ label: String,
        _ suffix: String,
        _ kind: MetricFamily.Kind,
        _ dimensions: [(String, String)]
    ) -> MetricFamily? {
        let name = Self.name(label) + suffix
        return families.withLock { families in
            if let known = families[name] { return known.kind == kind ? known : nil }
            guard families.count < maximumFamilies else { return nil }
            let family = MetricFamily(
                name: name,
                help: "Counted by a library.",
                kind: kind,
                labelNames: dimensions.map { Self.name($0.0) },
                buckets: kind == .histogram ? MetricRegistry.seconds : []
            )
            guard registry.registerIfNew(family) else { return nil }
            families[name] = family
            return family
        }
    }

    /// As Prometheus accepts names: letters, digits and underscores, no digit first.
    static func name(_ text: String) -> String {
        let name = String(
            text.unicodeScalars.prefix(100).map { scalar -> Character in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9": Character(scalar)
                default: "_"
                }
            }
        )
        return name.first.map { $0.isNumber } ?? true ? "_" + name : name
    }
}

/// One series of a library's metric.
private final class LibrarySeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler,
    TimerHandler
{
    private let family: MetricFamily?
    private let values: [String]

    /// Dimensions that the family does not have are left out; those that are missing are empty.
    init(_ family: MetricFamily?, _ dimensions: [(String, String)]) {
        self.family = family
        let given = Dictionary(dimensions.map { (LibraryMetrics.name($0.0), $0.1) }) { first, _ in first }
        values = family?.labelNames.map { String((given[$0] ?? "").prefix(100)) } ?? []
    }

    func increment(by amount: Int64) { family?.add(Double(amount), values) }
    func increment(by amount: Double) { family?.add(amount, values) }
    func decrement(by amount: Double) { family?.add(-amount, values) }
    func reset() {}
    func set(_ value: Int64) { family?.set(Double(value), values) }
    func set(_ value: Double) { family?.set(value, values) }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { family?.observe(Double(duration) / 1_000_000_000, values) }

    func record(_ value: Double) {
        guard let family else { return }
        if family.kind == .gauge { family.set(value, values) } else { family.observe(value, values) }
    }
}
