import Foundation
import Synchronization

/// The files of an embedded store as they lie on the disk: the database, and the log beside it.
///
/// SQLite writes to files that it has open, whatever becomes of their names. What is written to a deleted file is lost
/// when the process ends, so the store asks before and after each write whether the names still lead to the same files.
final class SQLiteFile: Sendable {
    /// What tells a file from another one of the same name.
    private struct Identity: Equatable {
        var device: UInt64
        var number: UInt64
    }

    /// What SQLite puts beside the database, by the ends of their names.
    private static let companions = ["-wal", "-shm", "-journal"]

    private let path: String
    private let logPath: String
    private let database: Identity
    private let log: Identity?

    /// The files that are open now.
    init(opened path: String) throws(StoreError) {
        self.path = path
        let resolved = Self.resolved(path)
        logPath = resolved + "-wal"
        // Behind a link that led nowhere SQLite has made the file itself.
        Self.closeToOthers(resolved)
        guard let database = try Self.identity(of: path) else { throw Self.replaced(path, "was deleted") }
        self.database = database
        log = try Self.identity(of: logPath)
    }

    /// Throws `.replaced` when a name leads elsewhere now, or nowhere.
    func check() throws(StoreError) {
        try check(path, is: database)
        if let log { try check(logPath, is: log) }
    }

    private func check(_ path: String, is known: Identity) throws(StoreError) {
        guard let found = try Self.identity(of: path) else { throw Self.replaced(path, "was deleted") }
        guard found == known else { throw Self.replaced(path, "was replaced by another file") }
    }

    /// Makes the database's file, and takes from others what they may do with the files that are there.
    ///
    /// Throws `.corrupt` for a log without its database: SQLite would throw the log away, and begin anew without a word.
    static func prepare(_ path: String) throws(StoreError) {
        let path = resolved(path)
        if size(of: path) == 0, size(of: path + "-wal") > 0 {
            throw StoreError(
                .corrupt,
                "\(path) is missing or empty, but \(path)-wal beside it holds data of it: put both back as they were, or"
                    + " move \(path)-wal away to begin anew"
            )
        }
        // Never opened when it is there: closing it would end the locks that other connections of this process hold.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
        closeToOthers(path)
    }

    /// The file behind symbolic links: SQLite's log lies beside that one.
    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// The database and what lies beside it: reading and writing for the user alone, whatever the umask.
    private static func closeToOthers(_ path: String) {
        for name in [path] + companions.map({ path + $0 }) {
            var status = stat()
            // A file of another user is that user's to protect.
            guard stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
                status.st_mode & 0o077 != 0
            else { continue }
            chmod(name, status.st_mode & 0o700)
        }
    }

    /// Bytes of the log beside the database.
    var logBytes: Int64 { Self.size(of: logPath) }

    private static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func identity(of path: String) throws(StoreError) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw StoreError(.unavailable, "\(path) cannot be looked at: \(String(cString: strerror(errno)))")
            }
            return nil
        }
        return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    private static func replaced(_ path: String, _ what: String) -> StoreError {
        StoreError(
            .replaced,
            "\(path) \(what) while this process has it open, and what is written now would be lost: stop the process, put"
                + " the file back, and start it again"
        )
    }
}
