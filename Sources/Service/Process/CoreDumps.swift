internal import CProcess

/// Whether the memory of this process, with every secret in it, can end up in a file or in a debugger.
package enum CoreDumps {
    /// No core file, and no debugger of the same user: the memory is for root alone.
    package static func forbid() {
        _ = CProcess_limit_core_files(1)
        _ = CProcess_set_dumpable(0)
    }

    /// As far as the hard limit allows: for those who look for a fault.
    package static func allow() {
        _ = CProcess_limit_core_files(0)
        _ = CProcess_set_dumpable(1)
    }
}
