import Dispatch
import Foundation
import ServiceLifecycle

/// Runs blocking work on a queue of its own, every so often and at a signal, until the process is told to stop.
package struct RepeatedWork: Service {
    package enum Occasion: Sendable {
        case time
        case signal
    }

    /// What the queue is called.
    package var name: String
    /// Zero for only at the signal.
    package var interval: Duration
    /// Taken away from its default, which for SIGHUP would end the process.
    package var signal: Int32?
    package var work: @Sendable (Occasion) -> Void

    package func run() async throws {
        let queue = DispatchQueue(label: name)
        var sources: [any DispatchSourceProtocol] = []
        if interval > .zero {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            let milliseconds = Int(interval / .milliseconds(1))
            timer.schedule(deadline: .now() + .milliseconds(milliseconds), repeating: .milliseconds(milliseconds))
            timer.setEventHandler { work(.time) }
            sources.append(timer)
        }
        if let signal {
            Foundation.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler { work(.signal) }
            sources.append(source)
        }
        sources.forEach { $0.activate() }
        // A cancellation ends it as well.
        try? await gracefulShutdown()
        sources.forEach { $0.cancel() }
    }
}
