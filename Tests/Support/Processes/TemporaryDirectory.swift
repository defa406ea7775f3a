import Foundation

/// A directory for one test, removed with the last reference to it.
package final class TemporaryDirectory: Sendable {
    package let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-test-\(UUID().uuidString)")
        .path

    package init() throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// A shell script that can be run.
    ///
    /// The runnable file is made by a process of its own: a file that this one had open for writing would be busy for as
    /// long as a child that some other test forks meanwhile holds it too.
    package func script(_ body: String, name: String) async throws -> String {
        let text = try write("#!/bin/sh\n\(body)\n", to: "\(name).text")
        let file = "\(path)/\(name)"
        _ = try await Program.run("/usr/bin/install", ["-m", "755", text, file])
        return file
    }
}
