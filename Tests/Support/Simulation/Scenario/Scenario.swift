import Analysis
import EventFormats
import Judging
import Kafka
import SeededRandom

/// What happens in one simulation: everything that does not depend on what the engine does follows from the seed.
struct Scenario: Sendable {
    struct Arrival: Sendable {
        var at: Duration
        var message: KafkaMessage
        /// Nil for a record that cannot be read.
        var event: DeployEvent?
    }

    struct Trouble: Sendable {
        enum Kind: Sendable {
            case crash(node: Int)
            case restart(node: Int)
            case pause(node: Int)
            case cut(node: Int, Set<Peer>)
            case outage(Peer)
            case metrics(Weather.MetricsTrouble)
            case clockJump(node: Int, Duration)
            case fullStore

            var concernsStore: Bool {
                switch self {
                case .cut(_, let peers): peers.contains(.store)
                case .outage(let peer): peer == .store
                case .fullStore: true
                default: false
                }
            }
        }

        var at: Duration
        var lasting: Duration
        var kind: Kind
    }

    static let start = Timestamp(milliseconds: 1_772_359_200_000)

    let seed: UInt64
    let pace: Pace
    let replicas: Int
    let controllers: Int
    let partitions: Int
    let plans: [String: AnalysisPlan]
    /// Since when versions are worse than what they replace, by a part of their queries.
    let failing: [String: Timestamp]
    let arrivals: [Arrival]
    let troubles: [Trouble]
    let weather: Weather
    let clockOffsets: [Duration]
    let isCalm: Bool
    let hasWebhook: Bool
    let hasLateSamples: Bool

    /// `calm` leaves out everything that goes wrong.
    init(seed: UInt64, calm: Bool = false) {
        var generator = SeededGenerator(seed: seed)
        self.seed = seed
        isCalm = calm
        let pace = Pace(unit: generator.element(of: [.seconds(1), .seconds(10), .seconds(60), .seconds(300)]))
        self.pace = pace
        replicas = generator.element(of: [1, 2, 2, 3, 3, 4])
        controllers = generator.integer(1...2)
        partitions = generator.integer(1...4)
        let applications = (0..<generator.integer(2...4)).map { "app-\($0)" }
        var plans: [String: AnalysisPlan] = [:]
        for application in applications { plans[application] = Self.plan(pace: pace, &generator) }
        self.plans = plans
        var failing: [String: Timestamp] = [:]
        var arrivals: [Arrival] = []
        for application in applications {
            arrivals += Self.releases(of: application, pace: pace, failing: &failing, &generator)
        }
        self.failing = failing
        self.arrivals = arrivals
        hasWebhook = generator.chance(0.25)
        hasLateSamples = !calm && generator.chance(0.3)
        let nodes = replicas + controllers
        clockOffsets = (0..<nodes).map { _ in
            generator.duration(.zero...pace.lease * 4) - pace.lease * 2
        }
        guard !calm else {
            troubles = []
            weather = Weather()
            return
        }
        troubles = (0..<generator.integer(1...8)).map { _ in Self.trouble(nodes: nodes, pace: pace, &generator) }
        weather = Self.weather(&generator)
    }

    // MARK: - Parts

    private static func plan(pace: Pace, _ generator: inout SeededGenerator) -> AnalysisPlan {
        if generator.chance(0.35) { return sequentialPlan(pace: pace, &generator) }
        let isConditions = generator.chance(0.3)
        let looks = generator.integer(2...3)
        let interval = pace.step * 4
        let metrics = (0..<generator.integer(1...2)).map { number in
            PlannedMetric(
                name: "metric-\(number)",
                query: "metric_\(number){version=\"${version}\",${scope}}",
                groups: isConditions ? [] : ["group-\(number)"],
                direction: .increase,
                noData: generator.chance(0.8) ? .hold : .fail,
                condition: isConditions ? try? Condition(parsing: "canary < 1.5 * control") : nil
            )
        }
        return AnalysisPlan(
            name: "plan",
            scopes: PlanScopes(
                control: .labels(["app": "${application}", "track": "stable"]),
                experiment: ["app": "${application}", "track": "canary"]
            ),
            judge: isConditions ? "conditions" : NetflixACAJudge.name,
            schedule: AnalysisSchedule(
                warmup: generator.chance(0.5) ? .zero : pace.step,
                step: pace.step,
                interval: interval,
                lifetime: interval * looks,
                window: generator.chance(0.7) ? .growing : .sliding(interval),
                delay: pace.lateness + .seconds(5),
                deadline: generator.chance(0.8) ? pace.end : pace.unit * 60
            ),
            failFast: generator.element(of: FailFast.allCases),
            minimumSamples: 3,
            metrics: metrics
        )
    }

    private static func releases(
        of application: String,
        pace: Pace,
        failing: inout [String: Timestamp],
        _ generator: inout SeededGenerator
    ) -> [Arrival] {
        var arrivals: [Arrival] = []
        for number in 1...generator.integer(1...3) {
            let version = "\(number).0"
            let isFailing = generator.chance(0.4)
            let deployed = generator.duration(.zero...pace.lastEvent)
            if isFailing { failing["version=\"\(version)\",app=\"\(application)\""] = start + deployed }
            let event = DeployEvent(
                identity: EventIdentity(source: "/ci", id: "\(application)-\(version)"),
                time: generator.chance(0.8) ? start + deployed : nil,
                application: application,
                environment: "production",
                version: version
            )
            // Most arrive at once, some late, so that they overtake one another.
            arrivals.append(arrival(of: event, after: deployed, pace: pace, &generator))
            if generator.chance(0.3) { arrivals.append(arrival(of: event, after: deployed, pace: pace, &generator)) }
            if generator.chance(0.3) {
                var update = event
                update.identity.id += "-update"
                update.weight = 50
                update.time = start + deployed + pace.unit * 20
                arrivals.append(arrival(of: update, after: deployed + pace.unit * 20, pace: pace, &generator))
            }
            if generator.chance(0.2) {
                var withdrawal = event
                let at = deployed + generator.duration(pace.units(5...100))
                withdrawal.identity.id += "-withdrawal"
                withdrawal.phase = .cancelled
                withdrawal.time = start + at
                arrivals.append(arrival(of: withdrawal, after: at, pace: pace, &generator))
            }
        }
        if generator.chance(0.2) {
            let message = KafkaMessage(
                topic: Topics.deploys,
                key: Array(application.utf8),
                value: Array("{".utf8),
                headers: [KafkaHeader(key: "content-type", value: Array("application/cloudevents+json".utf8))]
            )
            arrivals.append(Arrival(at: generator.duration(.zero...pace.lastEvent), message: message))
        }
        return arrivals
    }

    private static func arrival(
        of event: DeployEvent,
        after delay: Duration,
        pace: Pace,
        _ generator: inout SeededGenerator
    ) -> Arrival {
        let (value, headers) = CloudEventKafkaBinding.binary(DeployEventEncoder.encode(event))
        // Without a key, events of an application are spread over partitions, and so out of order.
        let message = KafkaMessage(
            topic: Topics.deploys,
            key: Array((generator.chance(0.7) ? event.application : event.identity.id).utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
        let lateness = generator.chance(0.3) ? generator.duration(pace.units(1...80)) : .zero
        return Arrival(at: delay + lateness, message: message, event: event)
    }

    private static func trouble(nodes: Int, pace: Pace, _ generator: inout SeededGenerator) -> Trouble {
        let node = generator.index(below: nodes)
        let kind: Trouble.Kind
        switch generator.index(below: 11) {
        case 0, 1: kind = .crash(node: node)
        case 2: kind = .restart(node: node)
        case 3, 4: kind = .pause(node: node)
        case 5: kind = .cut(node: node, [.store])
        case 6: kind = .cut(node: node, generator.chance(0.5) ? [.bus] : Set(Peer.allCases))
        case 7: kind = .outage(generator.element(of: Peer.allCases))
        case 8: kind = .fullStore
        case 9: kind = .metrics(generator.element(of: Weather.MetricsTrouble.allCases))
        default: kind = .clockJump(node: node, generator.duration(.zero...pace.lease * 8) - pace.lease * 4)
        }
        let at = generator.duration(.zero...pace.calm)
        // Some last longer than any lease.
        let lasting = generator.duration(generator.chance(0.5) ? pace.units(1...30) : pace.units(30...150))
        let longest = kind.concernsStore ? pace.longestTroubleOfStore : pace.longestTrouble
        return Trouble(at: at, lasting: min(lasting, longest, pace.calm - at), kind: kind)
    }

    private static func weather(_ generator: inout SeededGenerator) -> Weather {
        var weather = Weather()
        weather.failure = generator.element(of: [0, 0.01, 0.05])
        weather.lostAnswer = generator.element(of: [0, 0.01, 0.05])
        weather.slowness = generator.element(of: [0, 0.02, 0.1])
        weather.death = generator.element(of: [0, 0.001, 0.004])
        return weather
    }
}

/// The names of a simulation's topics and groups.
enum Topics {
    static let deploys = "deploys"
    static let deadLetters = "deadletters"
    static let verdicts = "verdicts"
    static let rollouts = "rollouts"
    static let intakeGroup = "assay"
    static let rolloutGroup = "assay-rollout"
}
