package import Analysis
package import Logging
import PlanFormats
import Synchronization
import TextFiles

/// Which application depends on which others: read from a file at the start, and again when it changes.
package final class DependencyCatalog: Sendable {
    private struct State {
        var dependencies: Dependencies
        /// Of what was read last, whether or not it could be used.
        var reading: Result<String, Failure>
    }

    private struct Failure: Error, Equatable {
        var sentence: String
    }

    package static let maximumBytes = 1 << 20

    private let path: String
    private let state: Mutex<State>

    /// Throws with every problem of the file.
    package init(path: String) throws {
        self.path = path
        let text = try TextFile.read(path, maximumBytes: Self.maximumBytes)
        state = Mutex(State(dependencies: try DependencyFile.read(text, file: path), reading: .success(text)))
    }

    package var current: Dependencies { state.withLock { $0.dependencies } }

    /// Reads the file again. One that cannot be used is said, and the dependencies before it stay.
    package func look(_ logger: Logger) {
        let reading = read()
        guard state.withLock({ $0.reading != reading }) else { return }
        do {
            let dependencies = try DependencyFile.read(try reading.get(), file: path)
            state.withLock { $0 = State(dependencies: dependencies, reading: reading) }
            logger.info("dependencies were read again", metadata: ["file": "\(path)"])
        } catch {
            state.withLock { $0.reading = reading }
            let problem = (error as? Failure)?.sentence ?? "\(error)"
            logger.error(
                "the file of dependencies cannot be used; those before stay in use",
                metadata: ["error": "\(problem.split(separator: "\n").joined(separator: "; "))"]
            )
        }
    }

    private func read() -> Result<String, Failure> {
        do { return .success(try TextFile.read(path, maximumBytes: Self.maximumBytes)) } catch {
            return .failure(Failure(sentence: "\(error)"))
        }
    }
}
