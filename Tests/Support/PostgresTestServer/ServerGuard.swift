import Glibc
import Processes

/// Stops a server and removes its directory when this process has ended, even by SIGKILL: a shell that waits for the
/// end of a pipe that only this process holds open.
final class ServerGuard: Sendable {
    private static let script = """
        trap '' HUP INT TERM
        read -r line
        "$1/pg_ctl" stop -D "$2/data" -m immediate -w -t 10 -s
        cd / && rm -rf "$2"
        """

    private let pipe: Int32

    init(directory: String, binaries: String) throws {
        var ends: [Int32] = [0, 0]
        // Close-on-exec: were a server to hold an end, the guard would never see the end of the pipe.
        guard Glibc.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw PostgresTestServerError(description: "No pipe could be made.")
        }
        defer { close(ends[0]) }
        self.pipe = ends[1]
        let command = PostgresBinaries.asServerUser(["/bin/sh", "-c", Self.script, "guard", binaries, directory])
        try Program.detach(command[0], Array(command.dropFirst()), input: ends[0])
    }

    deinit {
        close(self.pipe)
    }
}
