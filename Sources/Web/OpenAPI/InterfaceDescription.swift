import Hummingbird
import NIOCore

/// `GET /v1/openapi.json`: what the interface takes and answers, as OpenAPI 3.1. It says nothing about releases: every
/// caller gets it.
enum InterfaceDescription {
    static var json: [UInt8] { PackageResources.openapi_json }

    static func add(to router: some RouterMethods<WebContext>) {
        router.get("v1/openapi.json") { _, _ in JSONBody.response(json) }
    }
}
