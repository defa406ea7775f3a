package import Hummingbird
import NIOCore
import Text

/// What is known of a request beside itself.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The caller is on this machine: a person in the container, or at the end of a port-forward. A proxy beside the process
    /// is one too.
    let isLocal: Bool
    /// Nil for a caller without a token, where the service asks for one and lets everyone read.
    var caller: Caller?
    /// How the caller is called in what is kept.
    var actor: String { caller?.name ?? "no token" }
    /// Fulfilled when the connection has closed.
    let closed: EventLoopFuture<Void>

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        closed = source.channel.closeFuture
        isLocal = LoopbackHost.contains(source.channel.remoteAddress?.ipAddress ?? "")
    }
}
