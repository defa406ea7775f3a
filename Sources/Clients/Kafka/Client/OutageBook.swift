/// What troubles the clients of a process, and what of it is to be said: one line when an outage begins, one now and then
/// while it lasts, and one when it has ended. No clock, no lock, no log.
struct OutageBook {
    typealias Instant = ContinuousClock.Instant

    /// What tells one outage from another.
    enum Subject: Hashable, Sendable {
        /// Brokers that are out of reach or do not answer in time: one outage for all of them.
        case brokers
        case right(KafkaRight)
        case kind(KafkaError.Code, number: Int32, topic: String?)
        /// What the library logs by itself, by its word for the place.
        case librdkafka(facility: String)

        init(_ error: KafkaError, topic: String?) {
            self =
                switch error.code {
                case .transport, .timedOut: .brokers
                default:
                    error.missingRight.map { .right($0) }
                        ?? .kind(error.code, number: error.rdKafkaCode, topic: topic)
                }
        }

        var isOfLibrary: Bool { if case .librdkafka = self { true } else { false } }

        /// An outage that nothing was heard of for longer has ended. Longer than the longest pause between two attempts.
        var quietTime: Duration {
            switch self {
            case .brokers, .librdkafka: .seconds(60)
            case .right, .kind: .seconds(150)
            }
        }
    }

    enum Notice: Equatable, Sendable {
        case began(String, isPassing: Bool)
        case lasts(String, reports: Int, for: Duration)
        case ended(String, reports: Int, after: Duration)
    }

    private struct Outage {
        var text: String
        var isPassing: Bool
        var began: Instant
        var last: Instant
        var said: Instant
        var reports = 1
    }

    /// How often an outage that lasts is spoken of.
    static let reminder = Duration.seconds(600)

    private var outages: [Subject: Outage] = [:]

    var isEmpty: Bool { self.outages.isEmpty }

    /// Of what can only be mended by people: a right that is missing, a password that is refused.
    var refusals: [String] {
        self.outages.compactMap { subject, outage in
            switch subject {
            case .right, .kind(.authentication, _, _), .kind(.authorization, _, _): outage.text
            default: nil
            }
        }.sorted()
    }

    /// - Parameter isPassing: the library goes on trying by itself.
    mutating func report(_ subject: Subject, _ text: String, isPassing: Bool, at now: Instant) -> Notice? {
        guard var outage = self.outages[subject] else {
            self.outages[subject] = Outage(text: text, isPassing: isPassing, began: now, last: now, said: now)
            return .began(text, isPassing: isPassing)
        }
        outage.last = now
        outage.reports += 1
        defer { self.outages[subject] = outage }
        guard outage.said + OutageBook.reminder <= now else { return nil }
        outage.said = now
        outage.text = text
        return .lasts(text, reports: outage.reports, for: outage.began.duration(to: now))
    }

    /// What was refused has worked.
    mutating func worked(_ right: KafkaRight) -> Notice? {
        self.outages.removeValue(forKey: .right(right)).map(OutageBook.ended)
    }

    /// Ends what nothing was heard of for long.
    mutating func settle(at now: Instant) -> [Notice] {
        let quiet = self.outages.filter { $0.value.last + $0.key.quietTime <= now }
        for subject in quiet.keys { self.outages[subject] = nil }
        return quiet.filter { !$0.key.isOfLibrary }.values.sorted { $0.began < $1.began }.map(OutageBook.ended)
    }

    private static func ended(_ outage: Outage) -> Notice {
        .ended(outage.text, reports: outage.reports, after: outage.began.duration(to: outage.last))
    }
}
