import Analysis
import LoadRig

/// All attacks, one after the other, on one service and one controller, while good releases go on.
struct SoakRun: Sendable {
    let options: SoakOptions
    let rig: TestRig

    /// The longest wait for the last verdict after the last attack.
    private static let patience = Duration.seconds(300)
    /// What comes twice comes soon.
    private static let settling = Duration.seconds(3)

    /// What is known of an attack when its share has ended.
    private struct Phase {
        var attack: AttackName
        var end: Timestamp
        var outcome: AttackOutcome
        var failure: String?
        var watched: ProcessWatch.Reading
        var deadLetters: Int
        var repeated: Int
    }

    func run() async throws -> SoakResult {
        let world = try await World.start(options, rig: rig)
        do {
            let result = try await attack(world)
            await world.stop()
            return result
        } catch {
            await world.stop()
            throw error
        }
    }

    private func attack(_ world: World) async throws -> SoakResult {
        let verdicts = SeenVerdicts(VerdictTopic(of: world.broker))
        let watch = try ProcessWatch(world: world)
        let good = try GoodReleases(world: world, rate: options.rate)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await verdicts.follow() }
            group.addTask { await watch.follow() }
            defer { group.cancelAll() }
            try await prepare(target(world, good, verdicts))
            group.addTask { await good.publish() }
            let phases = try await runPhases(target(world, good, verdicts), watch)
            good.finish()
            try await waitForVerdicts(good, verdicts, world)
            try await Task.sleep(for: Self.settling)
            await good.close()
            let late = watch.read()
            await watch.close()
            return result(phases, late, good, verdicts.count, world.backEnd.actions)
        }
    }

    private func target(_ world: World, _ good: GoodReleases, _ verdicts: SeenVerdicts) -> AttackTarget {
        AttackTarget(
            world: world,
            good: good,
            verdicts: verdicts,
            end: .now + options.attackTime,
            scale: options.scale
        )
    }

    private func prepare(_ target: AttackTarget) async throws {
        for name in options.attacks { try await name.attack.prepare(target) }
    }

    private func runPhases(_ first: AttackTarget, _ watch: ProcessWatch) async throws -> [Phase] {
        var phases: [Phase] = []
        _ = watch.read()
        for name in options.attacks {
            var target = first
            let start = ContinuousClock.now
            target.end = start + options.attackTime
            let (letters, repeated) = (await target.world.deadLetters(), target.good.repeated)
            options.say("\(name.rawValue): begins after \(target.good.count) good releases")
            var outcome = AttackOutcome(did: "failed")
            var failure: String?
            do { outcome = try await name.attack.run(target) } catch {
                try Task.checkCancellation()
                failure = "\(error)"
            }
            try await ContinuousClock().sleep(until: start + options.share)
            let lettersNow = await target.world.deadLetters()
            let phase = Phase(
                attack: name,
                end: WallClock.now,
                outcome: outcome,
                failure: failure,
                watched: watch.read(),
                deadLetters: max(0, (lettersNow ?? 0) - (letters ?? 0)),
                repeated: target.good.repeated - repeated
            )
            options.say("\(name.rawValue): \(phase.failure ?? phase.outcome.did)")
            phases.append(phase)
        }
        return phases
    }

    /// Returns when every good release has its verdict and its action, or the waiting is given up.
    private func waitForVerdicts(_ good: GoodReleases, _ verdicts: SeenVerdicts, _ world: World) async throws {
        let clock = ContinuousClock()
        let limit = clock.now + Self.patience
        var told = clock.now
        while clock.now < limit {
            let count = good.count
            let decided = verdicts.count.decided
            let answered = ActionCount(world.backEnd.actions, released: count).answered
            if decided >= count, answered >= count { return }
            if clock.now - told >= .seconds(10) {
                told = clock.now
                options.say("\(count) good releases, \(decided) final verdicts, \(answered) actions")
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    private func result(
        _ phases: [Phase],
        _ late: ProcessWatch.Reading,
        _ good: GoodReleases,
        _ verdicts: VerdictCount,
        _ received: [WebhookAction]
    ) -> SoakResult {
        let planned = good.planned
        let actions = ActionCount(received, released: planned.count)
        // The attack during which a verdict was due, whenever its release was published.
        let shares = planned.enumerated().map { number, time in
            let due = GoodRelease(number).due(deployedAt: time)
            return phases.firstIndex { due <= $0.end } ?? phases.count - 1
        }
        var result = SoakResult(releases: planned.count, strangers: actions.strangers)
        for (index, phase) in phases.enumerated() {
            // What came later belongs to the last attack.
            let isLast = index == phases.count - 1
            let releases = planned.indices.filter { shares[$0] == index }
            let fared = verdicts.outcome(of: releases, planned: planned)
            let done = actions.outcome(of: releases)
            var watched = phase.watched
            if isLast {
                watched.serve = max(watched.serve, late.serve)
                watched.rollout = max(watched.rollout, late.rollout)
                watched.store = max(watched.store, late.store)
                watched.restarts += late.restarts
                watched.failedProbes += late.failedProbes
            }
            result.phases.append(
                SoakResult.Phase(
                    attack: phase.attack,
                    did: phase.outcome.did,
                    failure: phase.failure,
                    releases: fared.expected,
                    lost: fared.lost,
                    doubled: fared.doubled,
                    wrong: fared.wrong,
                    missingActions: done.missing,
                    doubledActions: done.doubled,
                    wrongActions: done.wrong,
                    repeatedSendings: phase.repeated,
                    restarts: watched.restarts,
                    failedProbes: watched.failedProbes,
                    latency: .init(fared.latency),
                    serveBytes: watched.serve,
                    rolloutBytes: watched.rollout,
                    storeBytes: watched.store,
                    refused: phase.outcome.refused,
                    deadLetters: phase.deadLetters
                )
            )
        }
        return result
    }
}
