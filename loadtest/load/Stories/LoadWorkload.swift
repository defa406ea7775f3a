import Analysis
import LoadRig
import SeededRandom

/// The releases of a run, each a story: the same seed makes the same ones.
struct LoadWorkload: Sendable, Equatable {
    let stories: [LoadStory]
    let plan: LoadPlan
    /// When all versions began to receive traffic, so that all analyses look at the same moments: the worst case.
    let deployedAt: Timestamp

    private let schedule: LookSchedule

    /// Of a hundred: broken ones, and ones without control. All others are healthy.
    static let shares = (broken: 20, withoutControl: 5)

    init(sessions: Int, plan: LoadPlan, seed: UInt64, deployedAt: Timestamp) {
        var random = SeededGenerator(seed: seed)
        let steps = Int(plan.lifetime.milliseconds / max(1, plan.step.milliseconds))
        stories = (0..<sessions).map { index in
            // Every share is there in every hundred, wherever it is.
            let place = (index &* 37 &+ 11) % 100
            let kind: LoadStory.Kind =
                place < Self.shares.broken
                ? .broken : place < Self.shares.broken + Self.shares.withoutControl ? .withoutControl : .healthy
            return LoadStory(
                application: "app-\(index)",
                kind: kind,
                badStep: kind == .broken ? Int.random(in: 1...max(1, steps), using: &random) : nil,
                seed: random.next()
            )
        }
        self.plan = plan
        self.deployedAt = deployedAt
        schedule = LookSchedule(plan.schedule, deployedAt: deployedAt)
    }

    /// The first grid instant after the warm-up; samples after it count.
    var start: Timestamp { schedule.start }

    /// When the first look is due.
    var firstLook: Timestamp { schedule.look(1).due }

    var looks: Int { schedule.count }

    /// When the last verdict is due, whatever it waits for.
    var end: Timestamp { schedule.deadline }

    /// The time of a broken one's first bad sample.
    func badSample(of story: LoadStory) -> Timestamp? {
        story.badStep.map { start + plan.step * $0 }
    }

    /// The look that must bring the final verdict: the first one that sees the bad sample, else the last one.
    func decidingLook(of story: LoadStory) -> Look {
        guard let bad = badSample(of: story) else { return schedule.look(schedule.count) }
        let interval = max(1, plan.interval.milliseconds)
        return schedule.look(Int((bad.since(start).milliseconds + interval - 1) / interval))
    }

    /// Looks of all analyses together, when none is skipped.
    var plannedLooks: Int { stories.reduce(0) { $0 + decidingLook(of: $1).number } }
}
