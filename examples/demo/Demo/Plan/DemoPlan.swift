import Analysis

/// The plan that the demo's analyses run, in the native format.
package struct DemoPlan: Sendable {
    package static let name = "shop-canary"
    package static let application = "shop"
    package static let environment = "demo"
    package static let control = "track=stable"
    package static let experiment = "track=canary"

    let pace: DemoPace
    let metrics: [DemoMetric]

    package init(pace: DemoPace) {
        self.pace = pace
        metrics = DemoMetric.all(rateWindow: pace.rateWindow.compactText)
    }

    package var yaml: String {
        let schedule = pace.schedule
        return """
            # The demo's plan: is the canary of the shop as good as the stable version beside it?
            apiVersion: assay.dev/v1
            kind: AnalysisPlan
            name: \(Self.name)
            match:
              applications: [\(Self.application)]
              environments: [\(Self.environment)]
            scopes:
              control:
                labels: {track: stable}
              experiment:
                labels: {track: canary}
            judge: sequential
            schedule:
              warmup: \(schedule.warmup.compactText)
              step: \(schedule.step.compactText)
              interval: \(schedule.interval.compactText)
              lifetime: \(schedule.lifetime.compactText)
              delay: \(schedule.delay.compactText)
              deadline: \(schedule.deadline.compactText)
            sequential: {undecided: inconclusive}
            groupWeights: {errors: 50, latency: 50}
            minimumSamples: \(pace.minimumSamples)
            metrics:
            \(metrics.map(Self.yaml).joined(separator: "\n"))

            """
    }

    /// Queries hold quotes and braces but no line break: a folded block needs no escaping.
    private static func yaml(_ metric: DemoMetric) -> String {
        (["  # \(metric.summary)", "  - name: \(metric.name)", "    query: >-", "      \(metric.query)"]
            + metric.settings.map { "    \($0)" })
            .joined(separator: "\n")
    }
}
