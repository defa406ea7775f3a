import Foundation

/// The body of `POST /admin/releases`: start a version as the canary.
struct ReleaseOrder: Sendable, Equatable {
    var version: String
    var revision: String?
    /// Percent of requests, above 0 and at most 100.
    var weight: Double
    var behaviour: ShopBehaviour

    private struct Body: Decodable {
        var version: String
        var revision: String?
        var weight: Double?
        var errorRatio: Double?
        var latencyMilliseconds: Double?
        var jitterMilliseconds: Double?
    }

    init(version: String, revision: String? = nil, weight: Double = 20, behaviour: ShopBehaviour = .healthy) {
        self.version = version
        self.revision = revision
        self.weight = weight
        self.behaviour = behaviour
    }

    init(json: Data) throws(ShopError) {
        let body = try OrderBody.decode(Body.self, from: json)
        try OrderBody.checkName(body.version, "version")
        if let revision = body.revision { try OrderBody.checkName(revision, "revision") }
        let healthy = ShopBehaviour.healthy
        version = body.version
        revision = body.revision
        weight = body.weight ?? 20
        behaviour = ShopBehaviour(
            latencyMilliseconds: body.latencyMilliseconds ?? healthy.latencyMilliseconds,
            jitterMilliseconds: body.jitterMilliseconds ?? healthy.jitterMilliseconds,
            errorRatio: body.errorRatio ?? healthy.errorRatio
        )
        guard weight > 0, weight <= 100 else {
            throw .invalid("weight: must be a percentage above 0 and at most 100")
        }
        guard (0...1).contains(behaviour.errorRatio) else {
            throw .invalid("errorRatio: must lie between 0 and 1")
        }
        guard (0...5000).contains(behaviour.latencyMilliseconds), (0...5000).contains(behaviour.jitterMilliseconds)
        else { throw .invalid("latencyMilliseconds, jitterMilliseconds: must lie between 0 and 5000") }
    }
}

/// The body of `POST /admin/rollout`, as the rollout controller's webhook sends it; fields the shop doesn't need are left out.
struct RolloutOrder: Sendable, Equatable {
    enum Action: String, Sendable, CaseIterable {
        case promote, abort, hold
    }

    var application: String
    var version: String
    var revision: String?
    var action: Action

    private struct Body: Decodable {
        var application: String
        var version: String
        var revision: String?
        var action: String
        var id: String?
    }

    init(application: String, version: String, revision: String? = nil, action: Action) {
        self.application = application
        self.version = version
        self.revision = revision
        self.action = action
    }

    /// Reads the order and the key under which it is done once: the header's, or the action's own id.
    static func parse(json: Data, idempotencyKey: String?) throws(ShopError) -> (order: RolloutOrder, key: String) {
        let body = try OrderBody.decode(Body.self, from: json)
        try OrderBody.checkName(body.version, "version")
        guard body.application == ShopMetricsText.application else {
            throw .invalid("application: \"\(body.application.prefix(64))\" is not \(ShopMetricsText.application)")
        }
        guard let action = Action(rawValue: body.action) else {
            let known = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("action: \"\(body.action.prefix(64))\" is not one of \(known)")
        }
        guard let key = idempotencyKey ?? body.id else {
            throw .invalid(
                "an Idempotency-Key header or an id is needed, so that a repeat can be told from a new action"
            )
        }
        try OrderBody.checkName(key, "Idempotency-Key")
        let order = RolloutOrder(
            application: body.application,
            version: body.version,
            revision: body.revision,
            action: action
        )
        return (order, key)
    }
}

/// What the shop did about a rollout action.
enum RolloutAnswer: String, Sendable, Equatable {
    case done
    /// The same action was done before; nothing changed.
    case repeated
}

private enum OrderBody {
    static func decode<Body: Decodable>(_ type: Body.Type, from json: Data) throws(ShopError) -> Body {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch DecodingError.keyNotFound(let key, _) {
            throw .invalid("\(key.stringValue): is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .invalid("\(path.isEmpty ? "the body" : path): has the wrong type")
        } catch {
            throw .invalid("the body is not a JSON object")
        }
    }

    static func checkName(_ text: String, _ field: String) throws(ShopError) {
        guard !text.isEmpty, text.utf8.count <= 256, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .invalid("\(field): must have 1 to 256 bytes and no control characters")
        }
    }
}
