import Analysis
import EventFormats
import Hummingbird
import JSON
import Judging
import Store
import Text

/// `GET /v1/changes`: what was changed, newest first, with filters and a cursor.
struct ChangeRoutes: Sendable {
    private let store: any Store

    private static let maximumLimit = 200
    private static let parameters = ["application", "before", "environment", "kind", "limit"]

    init(store: any Store) {
        self.store = store
    }

    func add(to group: RouterGroup<WebContext>) {
        group.get { [self] request, _ in try await list(request) }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try Self.query(
            request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        )
        let found = try await StoreFailure.rendering(.reading) { try await store.changes(query) }
        return JSONBody.response([
            "changes": .array(found.map { .object(ChangeEventFormat.object($0.change)) }),
            "next": found.count == query.limit ? found.last.map { .string($0.cursor.description) } : nil,
        ])
    }

    private static func query(_ given: [(name: String, value: String)]) throws -> ChangeQuery {
        var values: [String: String] = [:]
        for (name, value) in given {
            guard parameters.contains(name) else {
                throw refusal("unknown parameter \(name.excerpt()); known are \(parameters.joined(separator: ", "))")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw refusal("\(name) is given twice") }
            guard value.utf8.count <= DeployEvent.maximumTextBytes, !value.holdsUnprintable else {
                throw refusal(
                    "\(name) must have at most \(DeployEvent.maximumTextBytes) bytes and no control characters"
                )
            }
        }
        var query = ChangeQuery(
            applications: values["application"].map { [$0] },
            environment: values["environment"]
        )
        if let kind = values["kind"] {
            guard let known = ChangeKind(known: kind) else {
                throw refusal("kind must be one of \(ChangeKind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            query.kind = known
        }
        if let before = values["before"] {
            guard let cursor = ChangeCursor(before) else {
                throw refusal("before must be what an earlier page gave as next")
            }
            query.after = cursor
        }
        if let limit = values["limit"] {
            guard let number = Int(limit), (1...maximumLimit).contains(number) else {
                throw refusal("limit must lie between 1 and \(maximumLimit)")
            }
            query.limit = number
        }
        return query
    }

    private static func refusal(_ sentence: String) -> HTTPError { HTTPError(.badRequest, message: sentence) }
}
