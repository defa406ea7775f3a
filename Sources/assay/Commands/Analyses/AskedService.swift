import Service

/// The service that a person asks, as the settings name it.
struct AskedService {
    let settings: Settings
    let client: ServiceClient

    /// A person is told sooner than a pipeline that the service is away.
    private static let attempts = 2

    init(_ arguments: [String]) throws {
        settings = try SettingsLoader(.pipeline, arguments: arguments).load()
        StandardError.warn(Exposures(settings, for: .pipeline))
        guard let client = try ServiceClient(settings, maximumAttempts: Self.attempts) else {
            throw SettingsError("assay.url is required (--assay-url or ASSAY_URL)")
        }
        self.client = client
    }
}
