package import Analysis
package import ConfigFormats
package import EventFormats

/// Sorts incoming CloudEvents: deploy events go to the inbox, unknown types are skipped, malformed ones are returned
/// with the reason.
package struct EventIntake: Sendable {
    package enum Reading: Sendable, Equatable {
        case deploy(DeployEvent)
        case unknownType(String)
        /// `reason` is a short class for counting, `message` a sentence for a person.
        case malformed(reason: String, message: String)
    }

    private let limits: EventLimits
    private let plans: PlanReader
    private let acceptsPlans: Bool

    /// `plans` reads the plans that events bring along, where those are accepted.
    package init(limits: EventLimits = EventLimits(), plans: PlanReader, acceptsPlans: Bool = true) {
        self.limits = limits
        self.plans = plans
        self.acceptsPlans = acceptsPlans
    }

    package func readKafka(value: [UInt8]?, headers: [EventHeader]) -> Reading {
        do throws(CloudEventError) {
            return read(try CloudEventKafkaBinding.decode(value: value, headers: headers, limits: limits))
        } catch {
            return .malformed(reason: error.code.rawValue, message: error.description)
        }
    }

    package func readHTTP(headers: [EventHeader], body: [UInt8]) -> Reading {
        do throws(CloudEventError) {
            return read(try CloudEventHTTPBinding.decode(headers: headers, body: body, limits: limits))
        } catch {
            return .malformed(reason: error.code.rawValue, message: error.description)
        }
    }

    private func read(_ event: CloudEvent) -> Reading {
        switch DeployEventDecoder.decode(event) {
        case .unknownType(let type): return .unknownType(type)
        case .malformed(let message): return .malformed(reason: "badDeployEvent", message: message)
        case .deploy(let event):
            if let problem = inlinePlanProblem(of: event) {
                return .malformed(reason: "badInlinePlan", message: problem)
            }
            return .deploy(event)
        }
    }

    private func inlinePlanProblem(of event: DeployEvent) -> String? {
        guard let text = event.inlinePlan else { return nil }
        guard acceptsPlans else {
            return "plan: plans of events are not accepted here (plans.fromEvents): name one with planName"
        }
        do throws(PlanFileErrors) {
            _ = try plans.readInline(text, file: "plan")
            return nil
        } catch {
            return error.line
        }
    }
}
