import Foundation
import Glibc

/// A directory for one server. Its path is short: that of a socket has 107 bytes at most.
enum TemporaryDirectory {
    static func make(owner: String?) throws -> String {
        var template = Array("/tmp/assay-pg-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw PostgresTestServerError(description: "No temporary directory could be made.")
        }
        let path = String(cString: made)
        guard let owner else { return path }
        guard let user = getpwnam(owner), chown(path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw PostgresTestServerError(description: "There is no user \(owner) to run a Postgres server as.")
        }
        return path
    }
}
