import HTTPTypes
import Hummingbird
import NIOCore
import ReportPages

/// Errors as pages, where an address is one that people open.
struct ErrorPages: Sendable {
    let version: String

    /// What programs ask for: the interface, and the routes of health and metrics.
    private static let ofPrograms: Set<Substring> = ["v1", "kayenta", "livez", "readyz", "metrics", "version"]

    static func cover(_ path: String) -> Bool {
        path.split(separator: "/").first.map { !ofPrograms.contains($0) } ?? true
    }

    func response(_ status: HTTPResponse.Status, _ problem: String?) -> Response {
        let html = ErrorPage.html(
            title: Self.title(of: status),
            problem: problem ?? Self.problem(of: status),
            version: version
        )
        var response = Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
        PageHeaders<WebContext>.add(to: &response)
        return response
    }

    private static func title(of status: HTTPResponse.Status) -> String {
        switch status {
        case .notFound: "Not found"
        case .badRequest: "Cannot be asked so"
        case .methodNotAllowed: "Not taken by this page"
        case .unauthorized, .forbidden: "Not for every caller"
        case .serviceUnavailable: "Not available now"
        default: status.reasonPhrase
        }
    }

    private static func problem(of status: HTTPResponse.Status) -> String {
        switch status {
        case .notFound: "there is no page at this address"
        case .methodNotAllowed: "pages are read, and take nothing"
        default: "the page cannot be shown (\(status.code))"
        }
    }
}
