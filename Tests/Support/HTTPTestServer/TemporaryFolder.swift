package import Foundation

/// A folder for one test, removed with the value.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            // Keys and tokens are put into it.
            attributes: [.posixPermissions: 0o700]
        )
    }

    package func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }

    /// Writes a file and answers its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
