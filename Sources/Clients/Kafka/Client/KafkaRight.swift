/// A right that the brokers' access rules have to give, in the words of Kafka's own tools.
package struct KafkaRight: Sendable, Hashable, CustomStringConvertible {
    package enum Operation: String, Sendable {
        case read = "READ"
        case write = "WRITE"
        case describe = "DESCRIBE"
        case create = "CREATE"
        case idempotentWrite = "IDEMPOTENT_WRITE"
    }

    package enum Resource: Sendable, Hashable {
        case topic(String)
        case group(String)
        case transactionalID(String)
        case cluster
    }

    package var operation: Operation
    package var resource: Resource

    package init(_ operation: Operation, _ resource: Resource) {
        self.operation = operation
        self.resource = resource
    }

    package var description: String {
        switch self.resource {
        case .topic(let name): "\(self.operation.rawValue) on the topic '\(name)'"
        case .group(let name): "\(self.operation.rawValue) on the group '\(name)'"
        case .transactionalID(let name): "\(self.operation.rawValue) on the transactional id '\(name)'"
        case .cluster: "\(self.operation.rawValue) on the cluster"
        }
    }
}

/// Who a client is to the brokers, and which names it asks for: what a refusal is explained with.
struct ClientIdentity: Sendable {
    var clientID: String
    /// The user of SASL. With client certificates the brokers alone know the name.
    var principal: String?
    var group: String?
    var transactionalID: String?

    init(_ properties: [String: String]) {
        self.clientID = properties["client.id"] ?? ""
        self.principal = properties["sasl.username"] ?? properties["sasl.user"]
        self.group = properties["group.id"]
        self.transactionalID = properties["transactional.id"]
    }

    func sentence(_ right: KafkaRight) -> String {
        let subject = self.principal.map { "The principal 'User:\($0)'" } ?? "The principal of this client"
        return "\(subject) needs \(right)."
    }
}
