import Analysis
import LoadRig
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A back end that answers range queries over HTTP as Prometheus does, on one thread, as cheaply as it can: what it takes
/// is taken from the programs under test.
final class SyntheticPrometheus: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let behaviour: BackEndBehaviour
    private let seed: UInt64
    private let state: Mutex<State>

    private struct State {
        var index: SeriesIndex
        var log: QueryLog
    }

    init(behaviour: BackEndBehaviour = .init(), seed: UInt64 = 1) {
        self.behaviour = behaviour
        self.seed = seed
        state = Mutex(State(index: SeriesIndex([]), log: QueryLog(series: 0, start: 0, interval: 1)))
    }

    /// From now on answers from these series.
    func serve(_ index: SeriesIndex, log: QueryLog) {
        state.withLock { $0 = State(index: index, log: log) }
    }

    var queries: QueryLog { state.withLock { $0.log } }

    /// Listens on 127.0.0.1 and returns the port.
    func start() async throws -> Int {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(QueryHandler(backEnd: self))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0)
            .get()
        guard let port = channel.localAddress?.port else { throw RunFailure("the back end could not listen") }
        return port
    }

    func stop() async {
        try? await group.shutdownGracefully()
    }

    /// The answer to one request, and the milliseconds it is to take.
    func answer(path: String, body: some Sequence<UInt8>, at now: Int64) -> (answer: QueryAnswer, delay: Int64) {
        switch path {
        case "/-/ready": return (QueryAnswer(status: 200, body: Array("Prometheus Server is Ready.\n".utf8)), 0)
        case "/api/v1/query_range": return range(body, at: now)
        // What a process asks at its start.
        case "/api/v1/query": return (QueryAnswer(status: 200, body: Array(#"{"status":"success","data":{}}"#.utf8)), 0)
        default: return (QueryAnswer(status: 404, body: Array("404 page not found\n".utf8)), 0)
        }
    }

    private func range(_ body: some Sequence<UInt8>, at now: Int64) -> (QueryAnswer, Int64) {
        let query: RangeQuery
        do throws(RangeQuery.Refusal) { query = try RangeQuery(form: body) } catch {
            state.withLock { $0.log.recordRefusal() }
            return (.error(400, "bad_data", error.message), 0)
        }
        guard let selector = Selector(query.query) else {
            state.withLock { $0.log.recordRefusal() }
            return (.error(400, "bad_data", "only plain selectors are understood"), 0)
        }
        let (series, fate) = state.withLock { state in
            let matches = state.index.matches(selector)
            let fate = behaviour.fate(of: UInt64(state.log.requests), seed: seed)
            state.log.record(matches.first, end: query.end, at: now, failed: fate.fails)
            return (matches.map { state.index.series[$0] }, fate)
        }
        return (fate.fails ? .timedOut : .matrix(query, of: series), fate.delay)
    }
}

/// One connection: a request after the other.
private final class QueryHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let backEnd: SyntheticPrometheus
    private var path = ""
    private var body: [UInt8] = []

    init(backEnd: SyntheticPrometheus) {
        self.backEnd = backEnd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            path = String(head.uri.prefix { $0 != "?" })
            body.removeAll(keepingCapacity: true)
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            let (answer, delay) = backEnd.answer(path: path, body: body, at: WallClock.now.milliseconds)
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
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: [
                "Content-Type": isJSON ? "application/json" : "text/plain; charset=utf-8",
                "Content-Length": "\(answer.body.count)",
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
