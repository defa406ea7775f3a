import Analysis
import Hummingbird
import Store

extension PastAnalysisQuery {
    private static let known = ["application", "before", "environment", "limit"]

    /// The parameters of a list, each at most once; what is not known is refused.
    init(parameters: [(name: String, value: String)], at now: Timestamp) throws {
        let query: SessionQuery
        do throws(SessionParameterError) {
            query = try SessionParameters.query(parameters, known: Self.known, at: now)
        } catch {
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
