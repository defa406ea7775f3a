import Glibc
import Testing

@testable import load

@Suite struct ProcessUsageTests {
    @Test func `this process has used time and memory`() throws {
        let usage = try #require(ProcessUsage(of: getpid()))
        #expect(usage.resident > 1 << 20)
        #expect(usage.peakResident >= usage.resident / 2)
        #expect(usage.seconds >= 0)
        #expect(!ProcessUsage.secondsOfOwnThreads().isEmpty)
    }

    @Test func `a process that is not there has none`() {
        #expect(ProcessUsage(of: -1) == nil)
        #expect(ProcessUsage.secondsWithChildren(of: -1) == 0)
    }
}
