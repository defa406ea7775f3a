import HTTPTransport

/// Releases a version of a shop that runs elsewhere: what a deployment would do.
package enum DemoShopRelease {
    /// Returns the revision of the release.
    package static func start(_ release: DemoRelease, weight: Int, shop url: String) async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        let http = try HTTPClient(configuration: configuration)
        let revision = try await DemoClient(http: http).release(release, weight: weight, shop: url)
        await http.close()
        return revision
    }
}
