import Foundation

/// The time that this process has spent on a processor: on a busy machine it moves far less than the clock on the wall.
package enum ProcessorTime {
    /// Seconds, of all threads together.
    package static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
