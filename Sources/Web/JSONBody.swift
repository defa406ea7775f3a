import Analysis
import Foundation
import Hummingbird
import JSON
import NIOCore

/// A JSON answer made of domain values.
enum JSONBody {
    static func response(_ object: JSONObject) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: JSONValue.object(object).jsonBytes))
        )
    }

    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: try DomainJSON.encode(value)))
        )
    }
}

/// What every failed request is answered with.
struct ErrorBody: Codable, Sendable {
    var error: String
}
