internal import CProcess
import Foundation

/// What every command does before anything else.
package enum ProcessStart {
    package static func prepare() {
        // A peer that hangs up is an error of that connection, never the end of the process.
        signal(SIGPIPE, SIG_IGN)
        CProcess_obey_sent_signals()
        CoreDumps.forbid()
        // What a command writes is for its user alone.
        umask(0o077)
    }
}
