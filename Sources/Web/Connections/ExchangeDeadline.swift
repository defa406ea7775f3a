import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request or answer takes too long: a caller that sends its body byte by byte, or does not
/// take the answer, would hold the connection for ever otherwise. Hummingbird's own limit is on silence alone.
final class ExchangeDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private var begun = 0
    private var received = 0
    private var answered = 0
    private var deadline: Scheduled<Void>?

    init(_ limit: TimeAmount) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            begun += 1
            if deadline == nil { start(context) }
        case .body: break
        case .end:
            received += 1
            endExchange(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        // Done when the system has taken the last byte, not when the answer was made.
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.answered += 1
            self.endExchange(context)
        }
        context.write(data, promise: sent)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    /// Requests may be sent one after the other without waiting: each gets the whole time.
    private func endExchange(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        if min(received, answered) < begun { start(context) }
    }

    private func start(_ context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }
}
