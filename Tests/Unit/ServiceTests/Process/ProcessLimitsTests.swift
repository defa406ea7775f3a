import Foundation
import Testing

@testable import Service

@Suite struct ProcessLimitsTests {
    private static let needed = rlim_t(ProcessLimits.neededFiles)

    @Test func tooLittleIsOneSentenceThatNamesTheLimit() throws {
        #expect(ProcessLimits.problem(files: Self.needed, bytes: rlim_t.max) == nil)
        #expect(ProcessLimits.problem(files: Self.needed, bytes: 1_500 << 20) == nil)
        let files = try #require(ProcessLimits.problem(files: 32, bytes: rlim_t.max))
        #expect(files.contains("only 32 files") && files.contains("ulimit -n"))
        let bytes = try #require(ProcessLimits.problem(files: Self.needed, bytes: 600 << 20))
        #expect(bytes.contains("only 600 MiB") && bytes.contains("ulimit -v"))
    }
}
