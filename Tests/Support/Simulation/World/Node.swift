import Concurrency
import Engine
import SeededRandom
import Synchronization

/// One machine: runs its program in one process after the other, whatever befalls them.
final class Node: Sendable {
    typealias Program = @Sendable (Incarnation) async -> Void

    private struct State {
        var number = 0
        var process: SimulatedProcess?
        var task: Task<Void, Never>?
        /// When it may start again, whatever else ends meanwhile.
        var isDown = false
        var isOver = false
        /// Tasks that have not come to an end.
        var running = 0
    }

    let name: String
    let clockOffset: Shared<Duration>
    private let world: World
    private let program: Program
    private let state = Mutex(State())

    init(name: String, clockOffset: Duration, world: World, program: @escaping Program) {
        self.name = name
        self.clockOffset = Shared(clockOffset)
        self.world = world
        self.program = program
    }

    var running: Int { state.withLock { $0.running } }

    func start() {
        let number = state.withLock { state -> Int? in
            guard state.process == nil, !state.isDown, !state.isOver else { return nil }
            state.number += 1
            state.running += 1
            return state.number
        }
        guard let number else { return }
        let process = SimulatedProcess(name: "\(name).\(number)", on: world.scheduler)
        var generator = world.generator(for: process.name)
        let link = Link(
            node: name,
            process: process,
            weather: world.weather,
            trace: world.trace,
            generator: generator.split()
        ) { [world] in
            world.trace.add(process.name, "dies during a call")
            self.crash(process, for: world.scenario.pace.restart)
        }
        let incarnation = Incarnation(
            process: process,
            link: link,
            clockOffset: clockOffset,
            generator: Shared(generator)
        )
        world.trace.add(process.name, "starts")
        state.withLock { $0.process = process }
        let task = Task(executorPreference: process) { [program] in
            await CancellationShield.$executor.withValue(process) { await program(incarnation) }
            self.ended(process)
        }
        state.withLock { if $0.process === process { $0.task = task } }
    }

    private func ended(_ process: SimulatedProcess) {
        let isOwn = state.withLock { state in
            state.running -= 1
            guard state.process === process else { return false }
            state.process = nil
            state.task = nil
            return true
        }
        guard isOwn else { return }
        world.trace.add(process.name, "ends")
        process.kill()
        // The supervisor of the processes starts another one.
        world.scheduler.after(world.scenario.pace.restart) { self.start() }
    }

    /// Kills what runs, and starts again after a while.
    func crash(for duration: Duration) {
        if let process = state.withLock({ $0.process }) { crash(process, for: duration) }
    }

    private func crash(_ process: SimulatedProcess, for duration: Duration) {
        let task = state.withLock { state -> Task<Void, Never>? in
            guard state.process === process else { return nil }
            state.isDown = true
            state.process = nil
            defer { state.task = nil }
            return state.task
        }
        world.trace.add(process.name, "is killed")
        process.kill()
        task?.cancel()
        world.scheduler.after(duration) {
            self.state.withLock { $0.isDown = false }
            self.start()
        }
    }

    /// Tells what runs to stop in good order; another one starts when it has.
    func stop() {
        guard let task = state.withLock({ $0.task }) else { return }
        world.trace.add(name, "is told to stop")
        task.cancel()
    }

    func pause(for duration: Duration) {
        guard let process = state.withLock({ $0.process }) else { return }
        world.trace.add(process.name, "stands still")
        process.freeze()
        world.scheduler.after(duration) { [world] in
            world.trace.add(process.name, "goes on")
            process.thaw()
        }
    }

    /// Kills what runs for good.
    func end() {
        state.withLock { $0.isOver = true }
        crash(for: .zero)
    }
}

/// What a program knows about the process that it runs in.
struct Incarnation: Sendable {
    let process: SimulatedProcess
    let link: Link
    let clockOffset: Shared<Duration>
    let generator: Shared<SeededGenerator>

    var name: String { process.name }

    /// A number from 0 to 1, another one each time.
    func random() -> Double { generator.change { Double($0.next() >> 11) * 0x1p-53 } }
}
