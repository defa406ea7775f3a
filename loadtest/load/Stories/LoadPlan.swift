import Analysis

/// The plan of every analysis of a run.
///
/// A metric passes as long as no sample of the canary is above twice the control's highest: one bad sample decides at the
/// first look that sees it, and noise never does.
struct LoadPlan: Sendable, Equatable {
    static let name = "load"

    var metrics: Int
    var step: Duration
    var interval: Duration
    var lifetime: Duration
    var warmup: Duration = .seconds(10)
    var delay: Duration = .seconds(2)

    /// Outages and missing series are waited for this many intervals after the last look.
    var patience = 1

    var deadline: Duration { interval * patience }

    var schedule: AnalysisSchedule {
        AnalysisSchedule(
            warmup: warmup,
            step: step,
            interval: interval,
            lifetime: lifetime,
            delay: delay,
            deadline: deadline
        )
    }

    /// Range queries of one look: both sides of every metric.
    var queriesPerLook: Int { metrics * 2 }

    var yaml: String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: \(Self.name)
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        judge: conditions
        minimumSamples: 1
        schedule:
          warmup: \(warmup.compactText)
          step: \(step.compactText)
          interval: \(interval.compactText)
          lifetime: \(lifetime.compactText)
          delay: \(delay.compactText)
          deadline: \(deadline.compactText)
        metrics:
        \((0..<metrics).map(Self.metric).joined(separator: "\n"))

        """
    }

    static func metricName(_ index: Int) -> String { "load_metric_\(index)" }

    private static func metric(_ index: Int) -> String {
        """
          - name: \(metricName(index))
            query: \(metricName(index)){app="${application}", ${scope}}
            noData: hold
            condition: max(canary) <= 2 * max(control)
        """
    }
}
