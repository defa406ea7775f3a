import Analysis
import ConfigFormats
import Engine
import Prometheus

/// The plans of a directory, and those that events bring along.
struct PlanCatalog: PlanSource {
    let directory: PlanDirectory

    /// Reads every plan of a directory. Throws with every problem of every file.
    init(path: String) throws(PlanFileErrors) {
        directory = try PlanDirectory.load(path, reader: Self.reader)
    }

    /// A reader that also knows the query templates.
    static let reader = PlanReader { query in
        do throws(QueryTemplateError) {
            _ = try QueryTemplate(parsing: query)
            return nil
        } catch {
            return error.description
        }
    }

    var names: [String] { directory.plans.map(\.plan.name) }

    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
        do throws(PlanSelectionError) { return try directory.plan(for: event) } catch {
            throw PlanUnavailable(reason: error.description)
        }
    }
}
