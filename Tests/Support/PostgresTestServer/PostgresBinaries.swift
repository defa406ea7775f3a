import Foundation
import Glibc

/// Where the server's programs are, and who may run them.
enum PostgresBinaries {
    /// The directory with `initdb`: the newest of Debian's, or what is in the path; nil when there is none.
    static func find() -> String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let newestFirst = versions.compactMap { Int($0) }.sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (newestFirst + path).first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }

    /// The user that the server runs as when it is started by root; nil when it runs as the present user.
    static var user: String? { geteuid() == 0 ? "postgres" : nil }

    /// The command as the user that the server runs as.
    static func asServerUser(_ command: [String]) -> [String] {
        guard let user = self.user else { return command }
        return ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--init-groups"] + command
    }
}
