import LoadRig
import SeededRandom

/// The faults of a run: the same seed makes the same schedule.
struct FaultSchedule: Sendable, Equatable {
    private(set) var faults: [Fault] = []

    /// When the last recovery should be over.
    private(set) var end: Duration

    /// - Parameters:
    ///   - lease: the replicas' lease: pauses outlast it, and every fault gets more than two leases to recover in.
    ///   - kinds: those that can be made to happen here.
    init(seed: UInt64, replicas: Int, lease: Duration, kinds: Set<Fault.Kind>) {
        // A stream of its own, so that more events leave the faults as they are.
        var random = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xFA17))
        var planned = Self.planned(lease: lease, random: &random).filter { kinds.contains($0.kind) }
        planned.shuffle(using: &random)
        // The work should be under way when it is disturbed first.
        var time = Duration.seconds(20)
        for (kind, lasting) in planned {
            let replica = kind.isOfReplica ? Int.random(in: 1...max(1, replicas), using: &random) : nil
            faults.append(Fault(kind: kind, replica: replica, at: time, lasting: lasting))
            time += lasting + lease / 2 * 5 + .milliseconds(Int64.random(in: 1000...3000, using: &random))
            // The moment has to be met first.
            if kind == .pauseUnderLock { time += .seconds(5) }
        }
        end = time
    }

    private static func planned(lease: Duration, random: inout SeededGenerator) -> [(
        kind: Fault.Kind, lasting: Duration
    )] {
        func seconds(_ range: ClosedRange<Int64>) -> Duration { .seconds(Int64.random(in: range, using: &random)) }
        return [
            // One comes back before its leases run out, one long after.
            (.kill, seconds(1...2)),
            (.kill, lease * 2 + seconds(1...3)),
            (.pause, lease * 2 + seconds(1...4)),
            (.pause, lease / 2),
            (.pauseUnderLock, lease * 3 + seconds(1...4)),
            (.stop, seconds(3...6)),
            (.postgresCrash, seconds(2...4)),
            (.postgresRestart, .zero),
            (.connectionsCut, .zero),
            (.diskFull, seconds(8...12)),
            (.brokerDown, seconds(10...20)),
            (.prometheusDown, seconds(10...15)),
        ]
    }
}
