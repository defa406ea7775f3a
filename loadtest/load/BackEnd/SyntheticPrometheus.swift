import Synchronization
import SyntheticBackEnd

/// A back end that answers range queries over HTTP as Prometheus does.
final class SyntheticPrometheus: Sendable {
    private let server = BackEndServer()
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
        try await server.start { [self] path, body, now in answer(path: path, body: body, at: now) }
    }

    func stop() async {
        await server.stop()
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
