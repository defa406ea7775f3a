import Rollout
import ServiceLifecycle
import Telemetry

/// What connects a controller to where verdicts come from and rollout events go to.
struct RolloutConnection: Sendable {
    /// What runs beside the controller.
    var services: [any Service]
    /// Shows on `/readyz`, and as metrics, whether verdicts come in.
    var watch: @Sendable (Readiness, MetricRegistry, ControllerService) -> Void
    /// See ``ControllerService``.
    var prepare: @Sendable () async -> Bool
    var make: @Sendable (RolloutConfiguration, any Actuator, RolloutMetrics) throws -> ControllerService.Parts
    var close: @Sendable () async -> Void
}
