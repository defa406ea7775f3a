package import Analysis
import Engine
package import PlanFormats
import Prometheus
import Synchronization

/// The plans of a directory, and those that events bring along.
///
/// A plan is asked for when an analysis begins and is kept with it: what is read later is for later analyses only.
package final class PlanCatalog: PlanLibrary {
    /// What came of reading the directory again.
    package enum Reload: Sendable, Equatable {
        case unchanged
        /// A file is being written; to be read again.
        case unsettled
        /// The names of the plans that are in use from here on.
        case loaded([String])
        /// The plans before stay in use. The sentence holds every problem.
        case refused(String)
    }

    private struct State {
        var shelf: PlanShelf
        /// Of the files that were read last, whether or not they could be used.
        var fingerprint: Int
    }

    private let path: String
    private let state: Mutex<State>

    /// Reads every plan of a directory. Throws with every problem of every file.
    package init(path: String) throws(PlanFileErrors) {
        self.path = path
        let files = try PlanFiles.read(path, limits: Self.reader.limits)
        let directory = try PlanDirectory(files: files, reader: Self.reader)
        let shelf = PlanShelf(directory, loadedAt: SystemClock().now())
        state = Mutex(State(shelf: shelf, fingerprint: files.fingerprint))
    }

    /// A reader that also knows the query templates.
    package static let reader = PlanReader { query in
        do throws(QueryTemplateError) {
            _ = try QueryTemplate(parsing: query)
            return nil
        } catch {
            return .wrongTemplate(line: error.line, column: error.column, error.problem)
        }
    }

    package var shelf: PlanShelf { state.withLock { $0.shelf } }

    /// Plans that fit some release equally closely.
    package var ties: PlanFileErrors? { shelf.directory.ties }

    package var names: [String] { shelf.directory.plans.map(\.plan.name) }

    package func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        do throws(PlanSelectionError) { return try shelf.directory.plan(for: event) } catch {
            throw PlanUnavailable(reason: error.description)
        }
    }

    /// Reads the directory again, and takes its plans over as a whole or not at all. Blocks on the file system; not to be
    /// called by two at a time.
    ///
    /// - Parameter isForced: says what came of it even when nothing has changed.
    package func reload(isForced: Bool = false) -> Reload {
        let first = read()
        guard isForced || first.fingerprint != state.withLock({ $0.fingerprint }) else { return .unchanged }
        // A file that is being written, or links that are being exchanged, would be seen half done.
        let second = read()
        guard second.fingerprint == first.fingerprint else { return .unsettled }
        let outcome = plans(of: second.files)
        return state.withLock { state in
            state.fingerprint = second.fingerprint
            switch outcome {
            case .success(let directory):
                guard !directory.plans.isEmpty || state.shelf.directory.plans.isEmpty else {
                    let problem = PlanFileError(file: path, problem: "holds no plan files any more")
                    state.shelf.refused = PlanFileErrors([problem])
                    return .refused("\(path): holds no plan files any more")
                }
                state.shelf = PlanShelf(directory, loadedAt: SystemClock().now())
                return .loaded(directory.plans.map(\.plan.name))
            case .failure(let errors):
                state.shelf.refused = errors
                return .refused(errors.description.split(separator: "\n").joined(separator: "; "))
            }
        }
    }

    private func read() -> (files: Result<PlanFiles, PlanFileErrors>, fingerprint: Int) {
        do throws(PlanFileErrors) {
            let files = try PlanFiles.read(path, limits: Self.reader.limits)
            return (.success(files), files.fingerprint)
        } catch {
            return (.failure(error), error.description.hashValue)
        }
    }

    private func plans(of files: Result<PlanFiles, PlanFileErrors>) -> Result<PlanDirectory, PlanFileErrors> {
        do throws(PlanFileErrors) {
            return .success(try PlanDirectory(files: try files.get(), reader: Self.reader))
        } catch {
            return .failure(error)
        }
    }
}
