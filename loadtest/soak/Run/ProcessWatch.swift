import Foundation
import HTTPTransport
import LoadRig
import Processes
import Synchronization

/// Watches the processes as a kubelet would: memory, ends, and whether the service says that it lives.
///
/// A process that ended is started again, so that the run goes on and every end is counted.
final class ProcessWatch: Sendable {
    /// What happened since the last reading.
    struct Reading: Sendable, Equatable {
        /// Bytes that were resident at most.
        var serve = 0
        var rollout = 0
        var store = 0
        var restarts = 0
        /// Probes that were not answered within their time.
        var failedProbes = 0
    }

    /// As in the chart: that many failures in a row, ten seconds each, get the pod restarted.
    static let failuresUntilRestart = 60

    private let world: World
    private let http: HTTPClient
    private let state = Mutex<(reading: Reading, failures: Int)>((Reading(), 0))

    init(world: World) throws {
        self.world = world
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        http = try HTTPClient(configuration: configuration)
    }

    /// Returns what happened so far, and begins anew.
    func read() -> Reading {
        state.withLock { state in
            defer { state.reading = Reading() }
            return state.reading
        }
    }

    /// Watches until the task is cancelled.
    func follow() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.watchProcesses() }
            group.addTask { await self.probe() }
        }
    }

    func close() async {
        await http.close()
    }

    private func watchProcesses() async {
        while !Task.isCancelled {
            await watch(world.serve, \.serve)
            await watch(world.rollout, \.rollout)
            let store = world.storeBytes
            state.withLock { $0.reading.store = max($0.reading.store, store) }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    private func watch(_ replica: Replica, _ memory: WritableKeyPath<Reading, Int>) async {
        guard let process = replica.current?.process, !Task.isCancelled else { return }
        if process.exit != nil {
            state.withLock { $0.reading.restarts += 1 }
            try? await replica.start()
            return
        }
        let resident = ProcessUsage(of: process.id)?.resident ?? 0
        state.withLock { $0.reading[keyPath: memory] = max($0.reading[keyPath: memory], resident) }
    }

    private func probe() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard let port = world.probesPort else { continue }
            let request = HTTPRequest(url: "http://127.0.0.1:\(port)/livez", timeout: .seconds(5))
            let isAlive = (try? await http.execute(request))?.isSuccess ?? false
            guard !Task.isCancelled else { return }
            state.withLock { state in
                state.failures = isAlive ? 0 : state.failures + 1
                if !isAlive { state.reading.failedProbes += 1 }
                if state.failures == Self.failuresUntilRestart { state.reading.restarts += 1 }
            }
        }
    }
}
