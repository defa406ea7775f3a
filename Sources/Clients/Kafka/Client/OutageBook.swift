import Concurrency

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

    private struct Entry {
        var text: String
        var isPassing: Bool
        var outage = Outage<Instant>()
    }

    private var outages: [Subject: Entry] = [:]

    var isEmpty: Bool { self.outages.isEmpty }

    /// Of what can only be mended by people: a right that is missing, a password that is refused.
    var refusals: [String] {
        self.outages.compactMap { subject, entry in
            switch subject {
            case .right, .kind(.authentication, _, _), .kind(.authorization, _, _): entry.text
            default: nil
            }
        }.sorted()
    }

    /// - Parameter isPassing: the library goes on trying by itself.
    mutating func report(_ subject: Subject, _ text: String, isPassing: Bool, at now: Instant) -> Notice? {
        var entry = self.outages[subject] ?? Entry(text: text, isPassing: isPassing)
        let notice = entry.outage.failed(at: now)
        if notice != nil { entry.text = text }
        self.outages[subject] = entry
        return switch notice {
        case .began: .began(text, isPassing: isPassing)
        case .lasts(let reports, let time): .lasts(text, reports: reports, for: time)
        case .ended, nil: nil
        }
    }

    /// What was refused has worked.
    mutating func worked(_ right: KafkaRight) -> Notice? {
        self.outages.removeValue(forKey: .right(right)).flatMap(OutageBook.ended)
    }

    /// Ends what nothing was heard of for long.
    mutating func settle(at now: Instant) -> [Notice] {
        let quiet = self.outages.filter { subject, entry in
            entry.outage.lastFailure.map { $0 + subject.quietTime <= now } ?? true
        }
        for subject in quiet.keys { self.outages[subject] = nil }
        return quiet.filter { !$0.key.isOfLibrary }.values
            .sorted { ($0.outage.began ?? now) < ($1.outage.began ?? now) }
            .compactMap(OutageBook.ended)
    }

    /// It ended after what was heard of it last.
    private static func ended(_ entry: Entry) -> Notice? {
        var outage = entry.outage
        guard let last = outage.lastFailure, case .ended(let reports, let time)? = outage.ended(at: last) else {
            return nil
        }
        return .ended(entry.text, reports: reports, after: time)
    }
}
