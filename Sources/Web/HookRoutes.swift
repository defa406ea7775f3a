import EventFormats
import HTTPTypes
import Hummingbird
import Text

/// `POST /v1/hooks/{format}`: messages of other systems into the same inbox as our own events.
struct HookRoutes: Sendable {
    private let events: EventRoutes

    init(_ events: EventRoutes) {
        self.events = events
    }

    /// - Parameter isGitHubSigned: GitHub has a route of its own.
    func add(to group: RouterGroup<WebContext>, isGitHubSigned: Bool) {
        for format in HookFormat.allCases where format != .github || !isGitHubSigned {
            group.post(RouterPath(format.rawValue)) { [self] request, _ in
                try await events.receive(request, hook: format)
            }
        }
        group.post(":format") { _, context -> Response in
            let known = HookFormat.allCases.map(\.rawValue).joined(separator: ", ")
            let name = try context.parameters.require("format").excerpt()
            throw HTTPError(.notFound, message: "there is no hook \(name); known are \(known)")
        }
    }

    /// GitHub, which sends no token, and signs what it sends.
    ///
    /// - Parameter secrets: asked for at each request, so that a replaced secret counts at once.
    func addSigned(to group: RouterGroup<WebContext>, secrets: @escaping WebAccess.Tokens, _ refusals: RefusedTokens) {
        group.post(RouterPath(HookFormat.github.rawValue)) { [self] request, _ in
            try await events.receive(request, hook: .github) { body in
                let signature = HTTPField.Name(WebhookSignature.header).flatMap { request.headers[$0] }
                guard !WebhookSignature.isGood(signature, of: body, secrets: try secrets()) else { return }
                refusals.record(signature == nil ? .missing : .wrong, path: request.uri.path)
                if signature != nil { try await refusals.pause() }
                throw HTTPError(
                    .unauthorized,
                    message: "the signature (\(WebhookSignature.header)) is not of the secret of this service"
                )
            }
        }
    }
}
