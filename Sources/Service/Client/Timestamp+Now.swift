package import Analysis
import Engine

extension Timestamp {
    /// The wall clock's time.
    package static var now: Timestamp { SystemClock().now() }
}
