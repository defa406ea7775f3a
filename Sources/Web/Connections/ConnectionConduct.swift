import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// How one connection is held: it has a place among those of its listener, a time to say what it wants, and it is closed
/// after an answer that says so, at once though the caller goes on sending.
final class ConnectionConduct: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let register: ConnectionRegister
    private let limits: WebLimits
    /// Requests whose headers have come, whose last byte has come, and that have been answered.
    private var (begun, received, answered) = (0, 0, 0)
    private var deadline: Scheduled<Void>?
    /// The connection ends with the answer to that request.
    private var last: Int?
    private var isStreaming = false
    /// Nothing that comes in is of interest any more.
    private var isDone = false

    init(_ register: ConnectionRegister, _ limits: WebLimits) {
        self.register = register
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        if let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) {
            try? pipeline.addHandler(OldVersions(), position: .before(codec))
        }
        if context.channel.isActive { opened(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(context)
        context.fireChannelActive()
    }

    private func opened(_ context: ChannelHandlerContext) {
        guard register.open(context.channel) else { return context.close(promise: nil) }
        wait(context, limits.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        register.close(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        register.close(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begun += 1
            deadline?.cancel()
            deadline = nil
            if head.headerFields.closesConnection { last = last ?? begun }
        case .body: break
        case .end: received += 1
        }
        tell(context)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            if head.isOfStream { stream(context) }
            if head.headerFields.closesConnection || isStreaming { last = answered + 1 }
            if isLast(answered + 1) { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
            sent.futureResult.assumeIsolated().whenComplete { _ in self.answered(context) }
            context.write(data, promise: sent)
        default: context.write(data, promise: promise)
        }
    }

    /// A reader that says that it sends no more has gone: nothing else would tell before the next event.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isStreaming, let event = event as? ChannelEvent, event == .inputClosed {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// What the system keeps is bounded too: otherwise it would take megabytes for a reader that takes nothing.
    private func stream(_ context: ChannelHandlerContext) {
        isStreaming = true
        let bytes = ChannelOptions.Types.SocketOption.Value(limits.streamBytes)
        context.channel.setOption(.socketOption(.so_sndbuf), value: bytes).whenFailure { _ in }
        register.note(.streaming, of: context.channel)
    }

    private func answered(_ context: ChannelHandlerContext) {
        answered += 1
        tell(context)
        if isLast(answered), !isDone {
            isDone = true
            guard received < begun else { return context.close(promise: nil) }
            // Closed with bytes unread, the connection would be reset, and the answer lost with it.
            context.close(mode: .output, promise: nil)
            wait(context, limits.lingering)
        } else if answered == begun, !isDone {
            wait(context, limits.idle)
        }
    }

    private func isLast(_ request: Int) -> Bool { last.map { request >= $0 } ?? false }

    private func tell(_ context: ChannelHandlerContext) {
        let isIdle = answered >= begun
        register.note(isIdle ? .idle : received < begun ? .receiving : .answering, of: context.channel)
    }

    private func wait(_ context: ChannelHandlerContext, _ time: Duration) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { context.close(promise: nil) }
    }
}

extension HTTPResponse {
    /// Whether its body goes on for as long as the caller listens.
    var isOfStream: Bool { status == .ok && headerFields[.contentType] == StreamRoutes.contentType }
}

extension HTTPFields {
    /// Whether the sender closes the connection after this request or answer.
    fileprivate var closesConnection: Bool {
        self[values: .connection].contains { value in
            value.split(separator: ",").contains { $0.lowercased().filter { $0 != " " && $0 != "\t" } == "close" }
        }
    }
}
