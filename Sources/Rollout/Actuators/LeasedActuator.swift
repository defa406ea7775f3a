/// An actuator that begins nothing while another process may act in this one's place.
package struct LeasedActuator: Actuator {
    private let actuator: any Actuator
    private let mayAct: @Sendable () -> Bool

    package init(_ actuator: any Actuator, mayAct: @escaping @Sendable () -> Bool) {
        self.actuator = actuator
        self.mayAct = mayAct
    }

    package var name: String { actuator.name }

    package func handles(_ kind: ActionKind) -> Bool { actuator.handles(kind) }

    package func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome {
        guard mayAct() else {
            throw ActuatorError(.notYet, "another controller of the same group may be acting: its lease is not renewed")
        }
        return try await actuator.perform(action)
    }
}
