package import JSON

/// The accounts that a request names. There is one Prometheus and one store here: a name is kept and told again, and leads
/// nowhere.
package struct CanaryAccounts: Sendable, Equatable {
    package static let metrics = "prometheus"
    package static let store = "assay"

    package var metrics: String
    package var storage: String
    package var configuration: String?

    package init(metrics: String? = nil, storage: String? = nil, configuration: String? = nil) {
        self.metrics = metrics ?? Self.metrics
        self.storage = storage ?? Self.store
        self.configuration = configuration
    }

    /// The members of an answer.
    func add(to object: inout JSONObject) {
        object["storageAccountName"] = .string(storage)
        object["metricsAccountName"] = .string(metrics)
        object["configurationAccountName"] = configuration.map { .string($0) }
    }

    init(_ object: JSONObject) {
        self.init(
            metrics: object["metricsAccountName"]?.text,
            storage: object["storageAccountName"]?.text,
            configuration: object["configurationAccountName"]?.text
        )
    }

    /// What `GET /credentials` lists.
    package static let credentials = JSONValue.array([
        .object([
            "name": .string(metrics), "supportedTypes": .array([.string("METRICS_STORE")]), "locations": .array([]),
            "recommendedLocations": .array([]), "type": .string("prometheus"),
        ]),
        .object([
            "name": .string(store),
            "supportedTypes": .array([.string("OBJECT_STORE"), .string("CONFIGURATION_STORE")]),
            "locations": .array([]), "recommendedLocations": .array([]), "type": .string("sql"),
        ]),
    ])

    /// What `GET /metricsServices` lists.
    package static let metricsServices = JSONValue.array([
        .object([
            "name": .string(metrics), "type": .string("prometheus"), "locations": .array([]),
            "recommendedLocations": .array([]),
        ])
    ])
}
