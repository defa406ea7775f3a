import Dispatch
import Foundation

/// SIGINT and SIGTERM as something to await.
package enum TerminationSignal {
    /// Returns at the first of the two.
    package static func wait() async {
        let (signals, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
        for await _ in signals { break }
        sources.forEach { $0.cancel() }
    }
}
