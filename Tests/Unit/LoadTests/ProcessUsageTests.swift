import Glibc
import Testing

@testable import LoadRig

@Suite struct ProcessUsageTests {
    /// Processor seconds of this process, by another clock of the kernel's.
    private func clock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test func `this process has used time and memory`() async throws {
        // So much that the ticks in which the kernel counts do not matter.
        while clock() < 0.2 { await Task.yield() }
        let before = clock()
        let usage = try #require(ProcessUsage(of: getpid()))
        #expect(usage.resident > 1 << 20)
        #expect(usage.peakResident >= usage.resident / 2)
        #expect(usage.seconds > before - 0.1)
        #expect(usage.seconds < clock() + 0.1)
        #expect(!ProcessUsage.secondsOfOwnThreads().isEmpty)
    }

    @Test func `a process that is not there has none`() {
        #expect(ProcessUsage(of: -1) == nil)
        #expect(ProcessUsage.secondsWithChildren(of: -1) == 0)
    }
}
