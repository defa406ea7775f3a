import Analysis
import Concurrency
import Engine
import EventFormats
import Glibc
import PlanFormats
import Synchronization
import Testing

/// Reading a plan is the dearest thing that a caller can ask for.
@Suite(.timeLimit(.minutes(5))) struct PlanReadingTests {
    private static func envelope(_ door: Door, id: String, plan: String) -> Envelope {
        var event = EngineHarness.event(id)
        event.inlinePlan = plan
        let encoded = DeployEventEncoder.encode(event)
        switch door {
        case .kafka:
            let (body, headers) = CloudEventKafkaBinding.binary(encoded)
            return Envelope(door: door, headers: headers, body: body, receivedAt: EngineHarness.start)
        case .http:
            let (headers, body) = CloudEventHTTPBinding.binary(encoded)
            return Envelope(door: door, headers: headers, body: body, receivedAt: EngineHarness.start)
        }
    }

    private static let plan =
        "apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: own\n"
        + "schedule: {step: 15s, interval: 1m, lifetime: 5m}\n"
        + "metrics: [{name: a, query: up, direction: either}, {name: b, query: up, direction: either}]\n"

    @Test("Plans of all doors are read one at a time, away from the threads of the pool", arguments: Door.allCases)
    func oneAtATime(door: Door) async {
        let seen = Mutex((underWay: 0, most: 0))
        let reader = EnvelopeReader(
            plans: PlanReader { _ in
                seen.withLock { seen in
                    seen.underWay += 1
                    seen.most = max(seen.most, seen.underWay)
                }
                sched_yield()
                seen.withLock { $0.underWay -= 1 }
                return nil
            },
            planLimits: EventPlanLimits()
        )
        let thread = SerialThread()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                let envelope = Self.envelope(door, id: "\(number)", plan: Self.plan)
                group.addTask { _ = await reader.read(envelope, plansOn: thread) }
            }
        }
        #expect(seen.withLock { $0.most } == 1)
    }

    @Test("What is read there is what is read elsewhere", arguments: Door.allCases)
    func theSame(door: Door) async {
        let reader = EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits())
        let thread = SerialThread()
        let deep = String(repeating: "[", count: 100_000)
        let unknown = (0..<10_000).map { "key\($0): 1" }.joined(separator: "\n")
        for plan in [Self.plan, "rubbish", deep, unknown] {
            let envelope = Self.envelope(door, id: "1", plan: plan)
            let reading = await reader.read(envelope, plansOn: thread)
            #expect(reading == reader.read(envelope))
            if plan == unknown, case .malformed(let refusal) = reading {
                #expect(refusal.message.utf8.count < 8192)
            }
        }
    }
}
