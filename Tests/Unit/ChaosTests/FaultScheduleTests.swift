import Testing

@testable import chaos

@Suite struct FaultScheduleTests {
    private func schedule(seed: UInt64, kinds: Set<Fault.Kind> = Set(Fault.Kind.allCases)) -> FaultSchedule {
        FaultSchedule(seed: seed, replicas: 3, lease: .seconds(6), kinds: kinds)
    }

    @Test func `the same seed makes the same schedule`() {
        #expect(schedule(seed: 5) == schedule(seed: 5))
        #expect(schedule(seed: 5) != schedule(seed: 6))
    }

    @Test(arguments: UInt64(0)..<20)
    func `every fault has time to recover before the next`(seed: UInt64) {
        let schedule = schedule(seed: seed)
        for (fault, next) in zip(schedule.faults, schedule.faults.dropFirst()) {
            #expect(next.at >= fault.at + fault.lasting + .seconds(12))
        }
        #expect(Set(schedule.faults.map(\.kind)) == Set(Fault.Kind.allCases))
        #expect(schedule.faults.allSatisfy { $0.kind.isOfReplica == ($0.replica != nil) })
        #expect(schedule.faults.compactMap(\.replica).allSatisfy { (1...3).contains($0) })
    }

    @Test func `a pause outlasts the lease`() {
        let pauses = schedule(seed: 1).faults.filter { $0.kind == .pause }
        #expect(pauses.contains { $0.lasting > .seconds(6) })
    }

    @Test func `faults that cannot be made are left out`() {
        let kinds: Set<Fault.Kind> = [.kill, .brokerDown]
        #expect(Set(schedule(seed: 1, kinds: kinds).faults.map(\.kind)) == kinds)
    }
}
