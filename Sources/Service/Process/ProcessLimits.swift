import Foundation

/// What the system lets this process have, looked at before anything needs it: libraries end the process where they get
/// no descriptor or no memory.
package enum ProcessLimits {
    /// More are of no use.
    private static let usefulFiles: rlim_t = 65_536
    /// Address space, not memory: most of it is the stacks of threads and is never touched.
    private static let neededBytes: rlim_t = 1_500 << 20
    /// Files that a process has open before anyone calls it; each processor has an event loop.
    static var neededFiles: Int { 40 + 8 * ProcessInfo.processInfo.activeProcessorCount }

    /// Takes as many files as the process may have. Throws one sentence where a limit is too low to start.
    package static func check() throws(SettingsError) {
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        if files.rlim_cur < min(files.rlim_max, usefulFiles) {
            files.rlim_cur = min(files.rlim_max, usefulFiles)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        }
        var memory = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory)
        if let problem = problem(files: files.rlim_cur, bytes: memory.rlim_cur) { throw SettingsError(problem) }
    }

    static func problem(files: rlim_t, bytes: rlim_t) -> String? {
        if files < neededFiles {
            return "only \(files) files may be open at a time, and \(neededFiles) are needed to start: raise the limit"
                + " (ulimit -n)"
        }
        if bytes < neededBytes {
            return "only \(bytes >> 20) MiB of address space may be used, and \(neededBytes >> 20) are needed to start:"
                + " raise the limit (ulimit -v), and limit memory by the control group instead"
        }
        return nil
    }

    /// Of so many connections, as many as there are descriptors for beside everything else.
    static func connections(_ wanted: Int) -> Int {
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        let free = Int(clamping: files.rlim_cur) - neededFiles
        return max(4, min(wanted, free / 2))
    }
}
