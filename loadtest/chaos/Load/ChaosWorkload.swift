import Analysis
import LoadRig
import SeededRandom

/// All releases of a run, each a story: the same seed makes the same ones.
struct ChaosWorkload: Sendable, Equatable {
    static let source = "/pipelines/chaos"
    static let environment = "production"

    private(set) var stories: [Story] = []

    /// - Parameters:
    ///   - events: deploy events that must get a final verdict.
    ///   - span: over which the events are spread evenly.
    init(events: Int, span: Duration, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var kinds = Self.kinds(events: events)
        kinds.shuffle(using: &random)
        let distance = span / Double(max(1, kinds.count))
        for (index, kind) in kinds.enumerated() {
            let start = distance * (Double(index) + random.fraction())
            stories.append(Self.story(kind, index: index, at: start, random: &random))
        }
    }

    var events: [StoryEvent] { stories.flatMap(\.events) }

    /// Deploy events that must get a final verdict.
    var expected: [StoryEvent] { events.filter { $0.expected != nil } }

    /// Records that are published.
    var records: Int { events.reduce(0) { $0 + 1 + $1.repeats.count } }

    /// Mostly plain ones; a few percent of each other kind, at least one of each where there is room.
    static func kinds(events: Int) -> [Story.Kind] {
        let shares: [(Story.Kind, Int)] = [
            (.repeated, 50), (.superseded, 30), (.withdrawn, 20), (.updated, 15), (.late, 10), (.withdrawnEarly, 10),
        ]
        var kinds: [Story.Kind] = []
        var left = events
        for (kind, perMille) in shares {
            for _ in 0..<max(1, events * perMille / 1000) where left >= kind.verdicts {
                kinds.append(kind)
                left -= kind.verdicts
            }
        }
        return kinds + Array(repeating: .plain, count: left)
    }

    private static func story(_ kind: Story.Kind, index: Int, at start: Duration, random: inout SeededGenerator)
        -> Story
    {
        let application = "app-\(index)"
        // What ends early must still be running when its end comes: only healthy ones are looked at to the last.
        let isHealthy =
            switch kind {
            case .plain, .repeated: index.isMultiple(of: 2)
            default: true
            }
        let soon = Duration.milliseconds(Int64.random(in: 3000...9000, using: &random))
        func event(_ number: Int, _ version: String, at time: Duration, _ expected: ExpectedVerdict?) -> StoryEvent {
            StoryEvent(
                id: "\(application)/\(number)",
                application: application,
                version: version,
                at: time,
                expected: expected
            )
        }
        let whole: ExpectedVerdict = isHealthy ? .pass : .fail
        var first = event(1, "2.0.0", at: start, whole)
        var second: StoryEvent?
        switch kind {
        case .plain: break
        case .repeated: first.repeats = [start, start + soon]
        case .updated: second = event(2, "2.0.0", at: start + soon, nil)
        case .superseded:
            first.expected = .endedBy(event: "\(application)/2", otherwisePass: isHealthy)
            second = event(2, "2.1.0", at: start + soon, whole)
        case .withdrawn:
            first.expected = .endedBy(event: "\(application)/2", otherwisePass: isHealthy)
            second = event(2, "2.0.0", at: start + soon, nil)
            second?.phase = .cancelled
        case .late:
            second = event(2, "1.9.0", at: start + soon, .cancelled)
            second?.age = soon + .seconds(30)
        case .withdrawnEarly:
            first.expected = nil
            first.phase = .cancelled
            second = event(2, "2.0.0", at: start + soon, .cancelled)
            second?.age = soon + .seconds(5)
        }
        return Story(
            kind: kind,
            application: application,
            isHealthy: isHealthy,
            events: [first] + (second.map { [$0] } ?? [])
        )
    }
}
