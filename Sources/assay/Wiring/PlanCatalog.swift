import Analysis
import ConfigFormats
import Engine
import Prometheus

/// The plans of a directory, and those that events bring along.
struct PlanCatalog: PlanSource {
    let directory: PlanDirectory

    /// Throws with every problem of every file.
    init(path: String) throws {
        directory = try PlanDirectory(path: path, checkQuery: PlanCatalog.problem(ofQuery:))
    }

    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        if let inline = event.inlinePlan {
            do {
                return try PlanReader.readOne(inline, file: "plan", checkQuery: Self.problem(ofQuery:))
            } catch {
                throw PlanUnavailable(reason: "the event's own plan cannot be used: \(error)")
            }
        }
        do {
            return try directory.plan(for: event)
        } catch {
            throw PlanUnavailable(reason: "\(error)")
        }
    }

    @Sendable static func problem(ofQuery text: String) -> String? {
        do throws(QueryTemplateError) {
            _ = try QueryTemplate(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }
}
