import Analysis

/// A release that must get its verdict, whatever attack is under way: the number says everything about it.
struct GoodRelease: Sendable, Equatable {
    static let source = "/pipelines/good"
    private static let prefix = "good-"

    let number: Int

    init(_ number: Int) {
        self.number = number
    }

    /// Nil for any other application.
    init?(application: some StringProtocol) {
        guard application.hasPrefix(Self.prefix), let number = Int(application.dropFirst(Self.prefix.count)),
            number >= 0
        else { return nil }
        self.number = number
    }

    var application: String { "\(Self.prefix)\(number)" }

    /// One in five has three times the values of the stable version, from its first sample on.
    var isBroken: Bool { number % 5 == 4 }

    var result: String { isBroken ? "fail" : "pass" }
    var action: String { isBroken ? "abort" : "promote" }

    /// One half comes over Kafka, the other over HTTP, broken ones among both.
    var isOverKafka: Bool { number % 2 == 0 }

    func event(at time: Timestamp) -> DeployEvent {
        SoakEvent.make(application, source: Self.source, at: time)
    }

    /// When the look was due that decides it: the first one for a broken release, else the last one.
    func due(deployedAt time: Timestamp) -> Timestamp {
        let schedule = LookSchedule(SoakPlan.good.schedule, deployedAt: time)
        return schedule.look(isBroken ? 1 : schedule.count).due
    }
}
