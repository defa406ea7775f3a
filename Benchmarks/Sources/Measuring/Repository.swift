package import Foundation

/// Where this source lies, for files that benchmarks read.
package enum Repository {
    package static let benchmarks: URL = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static let root: URL = benchmarks.deletingLastPathComponent()
}
