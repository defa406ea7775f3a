import Foundation
import Glibc

/// `process_*` metrics as Prometheus client libraries export them, read from /proc.
package enum ProcessMetrics {
    package static func register(in registry: MetricRegistry) {
        let cpu = registry.counter("process_cpu_seconds_total", "User and system CPU time spent, in seconds.")
        let resident = registry.gauge("process_resident_memory_bytes", "Resident memory size, in bytes.")
        let descriptors = registry.gauge("process_open_fds", "Number of open file descriptors.")
        let limit = registry.gauge("process_max_fds", "Most file descriptors that the process may have open.")
        let start = registry.gauge(
            "process_start_time_seconds",
            "Start time of the process since the epoch, in seconds."
        )
        start.set(Date().timeIntervalSince1970)
        registry.onRender {
            var time = timespec()
            if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
                cpu.set(total: Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000)
            }
            if let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
                let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
            {
                resident.set(pages * Double(sysconf(Int32(_SC_PAGESIZE))))
            }
            if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                descriptors.set(Double(open.count))
            }
            var descriptorLimit = rlimit()
            if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptorLimit) == 0 {
                limit.set(Double(descriptorLimit.rlim_cur))
            }
        }
    }
}
