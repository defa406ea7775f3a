import Foundation

/// The programs that a run needs.
package enum Programs {
    /// The first of that name along PATH.
    package static func find(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        guard let found = path.split(separator: ":").lazy.map({ "\($0)/\(name)" }).first(where: isExecutable) else {
            throw RunFailure("the program \(name) is missing: run scripts/setup")
        }
        return found
    }

    /// The folder of the newest Postgres: Debian keeps its server programs off PATH.
    package static func postgresFolder() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let folders = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
        if let folder = folders.first(where: { isExecutable("\($0)/postgres") }) { return folder }
        return URL(fileURLWithPath: try find("postgres")).deletingLastPathComponent().path
    }

    /// The named program, or the `assay` beside this one.
    package static func assay(_ named: String?) throws -> String {
        if let named {
            guard isExecutable(named) else { throw RunFailure("\(named) is not a program that can be run") }
            return URL(fileURLWithPath: named).standardizedFileURL.path
        }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("assay").path
        guard isExecutable(beside) else { throw RunFailure("there is no assay beside \(own): build it first") }
        return beside
    }

    private static func isExecutable(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else { return false }
        return files.isExecutableFile(atPath: path)
    }
}
