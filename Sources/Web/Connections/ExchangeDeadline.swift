import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request or answer takes too long: a caller that sends its body byte by byte, or does not
/// take the answer, would hold the connection for ever otherwise. Hummingbird's own limit is on silence alone. A stream
/// goes on for as long as its reader takes what it is sent.
final class ExchangeDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private let untaken: TimeAmount
    /// Parts of a stream that the system has not taken yet; nil while none is sent.
    private var unsent: Int?
    private var begun = 0
    private var received = 0
    private var answered = 0
    private var deadline: Scheduled<Void>?

    init(_ limits: WebLimits) {
        limit = TimeAmount(limits.exchange)
        untaken = TimeAmount(limits.untaken)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            begun += 1
            if deadline == nil { start(context, limit) }
        case .body: break
        case .end:
            received += 1
            endExchange(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.isOfStream:
            unsent = 0
            writeOfStream(context, data, promise)
        case .head, .body:
            guard unsent == nil else { return writeOfStream(context, data, promise) }
            context.write(data, promise: promise)
        case .end: writeEnd(context, data, promise)
        }
    }

    private func writeOfStream(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        if unsent == 0 {
            deadline?.cancel()
            start(context, untaken)
        }
        unsent = unsent.map { $0 + 1 }
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent = self.unsent.map { $0 - 1 }
            guard self.unsent == 0 else { return }
            self.deadline?.cancel()
            self.deadline = nil
        }
        context.write(data, promise: sent)
    }

    private func writeEnd(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
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
        if min(received, answered) < begun { start(context, limit) }
    }

    private func start(_ context: ChannelHandlerContext, _ limit: TimeAmount) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { context.close(promise: nil) }
    }
}
