import Foundation

/// Many connections that are held open, and opened again when the service closes them.
struct SocketHerd: Sendable {
    struct Outcome: Sendable {
        var opened = 0
        /// Those that the service closed.
        var closed = 0
    }

    var count: Int
    var port: Int
    /// Sent at once.
    var greeting: [UInt8] = []
    /// Sent by each every second.
    var drip: [UInt8] = []
    /// Whether answers are read.
    var reads = true

    private static let tick: useconds_t = 100_000
    private static let ticksPerDrip = 10

    /// Holds them until the time given.
    func hold(until end: ContinuousClock.Instant) async -> Outcome {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: holdOnThread(until: end)) }
        }
    }

    private func holdOnThread(until end: ContinuousClock.Instant) -> Outcome {
        var outcome = Outcome()
        var sockets: [AttackerSocket] = []
        var greeted: Set<Int32> = []
        var ticks = 0
        while ContinuousClock.now < end {
            sockets.removeAll { socket in
                guard socket.isClosed(drains: reads) else { return false }
                socket.close()
                greeted.remove(socket.descriptor)
                outcome.closed += 1
                return true
            }
            while sockets.count < count, let socket = AttackerSocket(port: port, timeout: nil) {
                sockets.append(socket)
                outcome.opened += 1
            }
            for socket in sockets {
                if !greeting.isEmpty, !greeted.contains(socket.descriptor), socket.send(greeting) {
                    greeted.insert(socket.descriptor)
                }
                if !drip.isEmpty, ticks % Self.ticksPerDrip == 0 { socket.send(drip) }
            }
            ticks += 1
            usleep(Self.tick)
        }
        for socket in sockets { socket.close() }
        return outcome
    }
}
