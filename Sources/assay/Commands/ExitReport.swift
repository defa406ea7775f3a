import ArgumentParser
import Service

/// Ends a command with one clear sentence instead of a dump.
enum ExitReport {
    /// Exit code of a command that could not do its work.
    static let failure: Int32 = 3

    /// `failing` is called before the sentence is written.
    static func guarding(
        code: Int32 = failure,
        _ body: () async throws -> Void,
        failing: () -> Void = {}
    ) async throws {
        // What is still to be written would be lost with the process.
        defer { StandardError.flush() }
        do {
            try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            failing()
            StandardError.write("assay: \(error)\n")
            throw ExitCode(code)
        }
    }
}
