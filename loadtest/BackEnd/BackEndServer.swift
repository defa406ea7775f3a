import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers HTTP on one thread, as cheaply as it can: what it takes is taken from the programs under test.
package final class BackEndServer: Sendable {
    /// The answer to one request, and the milliseconds it is to take; the time is in milliseconds since 1970.
    package typealias Answering =
        @Sendable (_ path: String, _ body: [UInt8], _ now: Int64) -> (
            answer: QueryAnswer, delay: Int64
        )

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    package init() {}

    /// Listens on 127.0.0.1 and returns the port.
    package func start(_ answering: @escaping Answering) async throws -> Int {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(answering))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return channel.localAddress?.port ?? 0
    }

    package func stop() async {
        try? await group.shutdownGracefully()
    }
}

/// One connection: a request after the other.
private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answering: BackEndServer.Answering
    private var path = ""
    private var body: [UInt8] = []

    init(_ answering: @escaping BackEndServer.Answering) {
        self.answering = answering
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            path = String(head.uri.prefix { $0 != "?" })
            body.removeAll(keepingCapacity: true)
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            let (answer, delay) = answering(path, body, Int64(Date().timeIntervalSince1970 * 1000))
            guard delay > 0 else { return write(answer, context) }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(delay)) {
                let (handler, context) = bound.value
                handler.write(answer, context)
            }
        }
    }

    private func write(_ answer: QueryAnswer, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let isJSON = answer.body.first == UInt8(ascii: "{")
        var headers: HTTPHeaders = ["Content-Type": isJSON ? "application/json" : "text/plain; charset=utf-8"]
        // Without a length it is sent in chunks.
        if answer.continuation == nil { headers.add(name: "Content-Length", value: "\(answer.body.count)") }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        guard let continuation = answer.continuation else {
            return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        write(ByteBuffer(bytes: continuation.bytes), times: continuation.times, context)
    }

    /// One after the other, each when the one that came first has been sent.
    private func write(_ buffer: ByteBuffer, times: Int?, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        if times == 0 { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer)))).whenSuccess {
            // Not at once: a peer that reads as fast as this would keep the thread from everything else.
            bound.value.1.eventLoop.execute {
                let (handler, context) = bound.value
                handler.write(buffer, times: times.map { $0 - 1 }, context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
