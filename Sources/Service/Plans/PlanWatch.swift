package import Logging
package import Telemetry

/// Looks at the plan files for changes, and says what came of them.
package struct PlanWatch: Sendable {
    package struct Metrics: Sendable {
        package let plans: Gauge<NoLabels>
        package let reloads: Counter<OneLabel>
        package let refused: Gauge<NoLabels>

        package init(_ registry: MetricRegistry) {
            plans = registry.gauge("assay_plans", "Plans in use that were read from files.")
            reloads = registry.counter(
                "assay_plan_reloads_total",
                "Times changed plan files were read again, by outcome (loaded, failed).",
                labels: "outcome"
            )
            refused = registry.gauge(
                "assay_plans_refused",
                "1 while the plan files cannot be used and the plans before them are, else 0."
            )
            for outcome in ["loaded", "failed"] { reloads.add(0, outcome) }
        }
    }

    package let catalog: PlanCatalog
    package let metrics: Metrics
    package let logger: Logger

    package init(_ catalog: PlanCatalog, metrics: Metrics, logger: Logger) {
        self.catalog = catalog
        self.metrics = metrics
        self.logger = logger
        metrics.plans.set(Double(catalog.names.count))
    }

    package func look(isForced: Bool) {
        switch catalog.reload(isForced: isForced) {
        case .unchanged: break
        case .unsettled: logger.debug("the plan files are being changed")
        case .loaded(let names):
            metrics.plans.set(Double(names.count))
            metrics.refused.set(0)
            metrics.reloads.add(1, "loaded")
            logger.info("plans were read again", metadata: ["plans": "\(names.joined(separator: ","))"])
        case .refused(let problem):
            metrics.refused.set(1)
            metrics.reloads.add(1, "failed")
            logger.error(
                "the plan files cannot be used; the plans before stay in use",
                metadata: ["error": "\(problem)"]
            )
        }
    }
}
