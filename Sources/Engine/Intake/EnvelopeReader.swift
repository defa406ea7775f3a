package import Analysis
package import Concurrency
package import EventFormats
package import PlanFormats
import Text

/// Reads what a door has received: deploy events, with the plan that they bring along, what is not used, and what is
/// malformed, each with the reason.
package struct EnvelopeReader: Sendable {
    package enum Reading: Sendable, Equatable {
        /// `plan` is the event's own, where it has one.
        case deploy(DeployEvent, plan: AnalysisPlan?)
        case change(ChangeEvent)
        /// It begins and ends no analysis, for this reason.
        case unused(String)
        case malformed(IntakeRefusal)
    }

    private let limits: EventLimits
    private let plans: PlanReader
    private let planLimits: EventPlanLimits?
    private let hooks: HookReader

    /// `plans` reads the plans that events bring along; without `planLimits` none is accepted. `hooks` reads messages of
    /// other systems.
    package init(
        limits: EventLimits = EventLimits(),
        plans: PlanReader,
        planLimits: EventPlanLimits? = nil,
        hooks: HookReader = HookReader()
    ) {
        self.limits = limits
        self.hooks = hooks
        self.plans = plans
        self.planLimits = planLimits
    }

    package func read(_ envelope: Envelope) -> Reading {
        switch withoutPlan(envelope) {
        case .deploy(let event, _): withPlan(event)
        case let other: other
        }
    }

    /// The same, except that plans are read on a thread of their own, one after another: they are what costs most to read.
    package func read(_ envelope: Envelope, plansOn thread: SerialThread) async -> Reading {
        let reading = withoutPlan(envelope)
        guard case .deploy(let event, _) = reading, event.inlinePlan != nil else { return reading }
        return await thread.run { withPlan(event) }
    }

    /// What can be told without a look into the event's plan.
    private func withoutPlan(_ envelope: Envelope) -> Reading {
        if let reason = envelope.unreadable {
            return .malformed(IntakeRefusal(reason: IntakeRefusal.unreadable, message: reason))
        }
        if let bytes = envelope.oversize {
            let reason = "the event has \(bytes) bytes; at most \(limits.maximumBytes) are accepted"
            return .malformed(IntakeRefusal(reason: CloudEventError.Code.tooLarge.rawValue, message: reason))
        }
        if let hook = envelope.hook {
            return read(hooks.read(hook, headers: envelope.headers, body: envelope.body ?? []))
        }
        do throws(CloudEventError) {
            return read(
                try envelope.door.binding(value: envelope.body, headers: envelope.headers, limits: limits)
            )
        } catch {
            return .malformed(IntakeRefusal(reason: error.code.rawValue, message: error.description))
        }
    }

    private func read(_ event: CloudEvent) -> Reading {
        switch DeployEventDecoder.decode(event) {
        case .unknownType(let type):
            return hooks.read(event).map(read) ?? .unused("events of type \(type.excerpt(200)) are not used")
        case .malformed(let message):
            return .malformed(IntakeRefusal(reason: IntakeRefusal.badDeployEvent, message: message))
        case .deploy(let event): return .deploy(event, plan: nil)
        case .change(let event): return .change(event)
        }
    }

    private func read(_ hooked: HookReading) -> Reading {
        switch hooked {
        case .deploy(let event): .deploy(event, plan: nil)
        case .change(let event): .change(event)
        case .ignored(let reason): .unused(reason)
        case .malformed(let message):
            .malformed(IntakeRefusal(reason: IntakeRefusal.badDeployEvent, message: message))
        }
    }

    private func withPlan(_ event: DeployEvent) -> Reading {
        do throws(IntakeRefusal) { return .deploy(event, plan: try plan(of: event)) } catch { return .malformed(error) }
    }

    private func plan(of event: DeployEvent) throws(IntakeRefusal) -> AnalysisPlan? {
        guard let text = event.inlinePlan else { return nil }
        guard let planLimits else {
            throw IntakeRefusal(
                reason: IntakeRefusal.badInlinePlan,
                message: "plan: plans of events are not accepted here (plans.fromEvents): name one with planName"
            )
        }
        let plan: AnalysisPlan
        do throws(PlanFileErrors) { plan = try plans.readInline(text, file: "plan").plan } catch {
            throw IntakeRefusal(reason: IntakeRefusal.badInlinePlan, message: error.line)
        }
        if let problem = planLimits.problem(of: plan) {
            throw IntakeRefusal(reason: IntakeRefusal.badInlinePlan, message: "plan: \(problem)")
        }
        return plan
    }
}
