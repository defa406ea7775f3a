import JSON

/// Who asked for an execution, and by which config.
package struct CanaryOrigin: Sendable, Equatable {
    package static let adHoc = "ad-hoc"

    package var application: String
    package var user: String?
    package var parentPipelineExecutionID: String?
    package var configID: String?
    package var accounts: CanaryAccounts

    package init(
        application: String,
        user: String? = nil,
        parentPipelineExecutionID: String? = nil,
        configID: String? = nil,
        accounts: CanaryAccounts = CanaryAccounts()
    ) {
        self.application = application
        self.user = user
        self.parentPipelineExecutionID = parentPipelineExecutionID
        self.configID = configID
        self.accounts = accounts
    }

    func add(to object: inout JSONObject) {
        object["application"] = .string(application)
        object["user"] = user.map { .string($0) }
        object["parentPipelineExecutionId"] = parentPipelineExecutionID.map { .string($0) }
        object["canaryConfigId"] = configID.map { .string($0) }
        accounts.add(to: &object)
    }

    init(_ object: JSONObject) {
        self.init(
            application: object["application"]?.text ?? "",
            user: object["user"]?.text,
            parentPipelineExecutionID: object["parentPipelineExecutionId"]?.text,
            configID: object["canaryConfigId"]?.text,
            accounts: CanaryAccounts(object)
        )
    }
}
