/// How a run of the demo ended.
package struct DemoOutcome: Sendable {
    /// What was seen of each release that was begun.
    package var releases: [ReleaseWatch] = []
    /// Why the run did not come to its end; nil when it did.
    package var failure: String?
    package var interrupted = false
    /// The directory with the logs; empty when the run ended before there was one.
    package var directory = ""

    package init() {}

    /// Every release ended as it should.
    package var isSuccess: Bool {
        failure == nil && !interrupted && releases.allSatisfy { $0.problems.isEmpty }
    }

    /// 0 when every release ended as it should, 130 when a signal ended the run, otherwise 1.
    package var exitCode: Int32 { isSuccess ? 0 : interrupted ? 130 : 1 }
}
