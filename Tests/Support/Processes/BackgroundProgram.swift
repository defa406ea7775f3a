package import Foundation

/// A program that runs beside a test, and is ended with the object. Its output is dropped.
package final class BackgroundProgram: Sendable {
    private let process: ChildProcess

    package init(_ path: String, _ arguments: [String], in folder: URL) throws {
        process = ChildProcess(ChildCommand(path, arguments), id: try Spawn.start(path, arguments, in: folder.path))
    }

    deinit {
        process.send(signal: SIGTERM)
    }

    /// Ends the program, and returns when it has ended.
    package func stop() async {
        process.send(signal: SIGTERM)
        _ = await process.waitUntilExit()
    }
}
