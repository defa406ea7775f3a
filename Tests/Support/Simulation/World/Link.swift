package import SeededRandom
import Synchronization

/// The only way from a process to the world: each call takes time, and may fail before or after its effect.
package final class Link: Sendable {
    private struct Fate {
        var travel: Duration
        var answer: Duration
        var fails: Bool
        var isLost: Bool
        /// Dies when the call arrives: 1 before its effect, 2 after it.
        var death: Int
        /// A call whose caller has ended meanwhile still arrives.
        var outlivesCaller: Bool
    }

    package let node: String
    package let process: SimulatedProcess
    private let weather: Shared<Weather>
    private let trace: Trace
    private let generator: Mutex<SeededGenerator>
    private let die: @Sendable () -> Void

    package init(
        node: String,
        process: SimulatedProcess,
        weather: Shared<Weather>,
        trace: Trace,
        generator: SeededGenerator,
        die: @escaping @Sendable () -> Void
    ) {
        self.node = node
        self.process = process
        self.weather = weather
        self.trace = trace
        self.generator = Mutex(generator)
        self.die = die
    }

    /// The store of this world has no room for another write.
    var isStoreFull: Bool { weather.value.isStoreFull }

    /// Whether heartbeats of the process arrive there.
    func isHeard(by peer: Peer) -> Bool {
        process.isAlive && !process.isFrozen && !weather.value.isCut(node, from: peer)
    }

    /// Performs `effect` in the world, at a moment between now and the answer, or fails.
    package func call<Value: Sendable>(
        _ name: String,
        to peer: Peer,
        _ effect: @escaping @Sendable () -> Value
    ) async throws(LinkFailure) -> Value {
        process.scheduler.enter(name)
        guard process.isAlive else { throw .dead }
        let fate = fate(of: name)
        let patience = weather.value.patience
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Value, LinkFailure>, Never>) in
            guard fate.travel > patience else {
                process.scheduler.after(fate.travel) {
                    self.arrive(name, peer, fate, effect) { continuation.resume(returning: $0) }
                }
                return
            }
            // The caller gives up, and the call still arrives.
            process.scheduler.after(patience) { continuation.resume(returning: .failure(.answerLost)) }
            process.scheduler.after(fate.travel) { self.arrive(name, peer, fate, effect) { _ in } }
        }
        guard process.isAlive else { throw .dead }
        return try result.get()
    }

    private func arrive<Value: Sendable>(
        _ name: String,
        _ peer: Peer,
        _ fate: Fate,
        _ effect: @Sendable () -> Value,
        _ answer: @escaping @Sendable (Result<Value, LinkFailure>) -> Void
    ) {
        func reply(_ result: Result<Value, LinkFailure>, _ note: String, after delay: Duration) {
            trace.add(process.name, name, note)
            process.scheduler.after(delay) { answer(result) }
        }
        let isAlive = process.isAlive
        let weather = weather.value
        guard isAlive || fate.outlivesCaller else { return reply(.failure(.dead), "never sent", after: .zero) }
        guard !weather.isCut(node, from: peer) else {
            return reply(.failure(.unreachable), "unreachable", after: weather.patience)
        }
        guard !fate.fails else { return reply(.failure(.unreachable), "failed", after: fate.answer) }
        if isAlive, fate.death == 1 {
            die()
            return reply(.failure(.dead), "died before", after: .zero)
        }
        let value = effect()
        if isAlive, fate.death == 2 {
            die()
            return reply(.failure(.dead), "died after", after: .zero)
        }
        if fate.isLost { return reply(.failure(.answerLost), "answer lost", after: fate.answer) }
        reply(.success(value), isAlive ? "" : "after its caller's death", after: fate.answer)
    }

    /// A death before a commit leaves most behind, so it happens more often.
    private func fate(of name: String) -> Fate {
        let weather = weather.value
        return generator.withLock { generator in
            let isSlow = generator.chance(weather.slowness)
            let fails = generator.chance(weather.failure)
            let isLost = generator.chance(weather.lostAnswer)
            return Fate(
                travel: generator.duration(isSlow ? weather.slowLatency : weather.latency),
                answer: isSlow && generator.chance(0.5) ? generator.duration(weather.slowLatency) : .zero,
                fails: fails,
                isLost: isLost,
                death: generator.chance(name.hasPrefix("commit") ? weather.death * 10 : weather.death)
                    ? generator.integer(1...2) : 0,
                outlivesCaller: generator.chance(0.5)
            )
        }
    }
}
