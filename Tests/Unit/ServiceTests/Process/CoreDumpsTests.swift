import CProcess
import Foundation
import Service
import Testing

@Suite(.serialized) struct CoreDumpsTests {
    private func softLimit() -> rlim_t {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        return limit.rlim_cur
    }

    @Test func theMemoryIsKeptUnlessItIsAskedFor() {
        defer { CoreDumps.allow() }
        CoreDumps.forbid()
        #expect(softLimit() == 0)
        #expect(CProcess_get_dumpable() == 0)
        CoreDumps.allow()
        #expect(CProcess_get_dumpable() == 1)
    }
}
