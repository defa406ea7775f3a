import Analysis
import Hummingbird
import Store
import Text

extension PastAnalysisQuery {
    /// The parameters of a list, each at most once; what is not known is refused.
    init(parameters: [(name: String, value: String)]) throws {
        let known = ["application", "before", "environment", "limit"]
        if let other = parameters.first(where: { !known.contains($0.name) }) {
            throw HTTPError(
                .badRequest,
                message: "unknown parameter \(other.name.excerpt()); known are \(known.joined(separator: ", "))"
            )
        }
        let query: SessionQuery
        do throws(SessionParameterError) { query = try SessionParameters.query(parameters) } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        self.init(
            application: query.application,
            environment: query.environment,
            after: query.after,
            limit: query.limit
        )
    }
}
