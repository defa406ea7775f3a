import Concurrency
import Logging
import Synchronization
import Testing

@testable import Service

@Suite struct WatchdogTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func theProcessEndsWhenItsTimeHasPassed() async {
        let (ends, end) = AsyncStream<Int32>.makeStream()
        let watchdog = Watchdog(limit: .milliseconds(1), logger: quiet) { end.yield($0) }
        watchdog.start(signals: [])
        // The first call counts.
        watchdog.stopBegins(code: 3)
        watchdog.stopBegins()
        for await code in ends {
            #expect(code == 3)
            break
        }
    }

    /// Keeps messages.
    private struct Recorder: LogHandler {
        let said: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { said.yield("\(event.level) \(event.metadata ?? [:])") }
    }

    @Test func saysWhichLoopStandsStill() async {
        let (lines, said) = AsyncStream<String>.makeStream()
        let pulses = HeartbeatRegister()
        let engine = pulses.add("engine", limit: .zero)
        let logger = Logger(label: "test") { _ in Recorder(said: said) }
        let watchdog = Watchdog(limit: .seconds(3600), pulses: pulses, logger: logger) { _ in }
        watchdog.start(signals: [])
        for await line in lines {
            #expect(line.hasPrefix("critical") && line.contains("engine"), "\(line)")
            break
        }
        pulses.remove(engine)
        for await line in lines {
            #expect(line.hasPrefix("warning"), "\(line)")
            break
        }
    }
}
