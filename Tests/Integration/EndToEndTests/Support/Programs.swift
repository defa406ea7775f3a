import Foundation

/// The programs that the tests run.
enum Programs {
    /// The built program: the one that `ASSAY_EXECUTABLE` names, or the one beside the tests.
    static let assay: String? = {
        if let named = ProcessInfo.processInfo.environment["ASSAY_EXECUTABLE"] { return existing(named) }
        let own = [
            CommandLine.arguments.first, Bundle.main.executablePath,
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
        ]
        for case let path? in own {
            // The tests are a program in the build directory, or a bundle with a program in it.
            var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            for _ in 0..<4 {
                if let found = existing(folder.appendingPathComponent("assay").path) { return found }
                folder = folder.deletingLastPathComponent()
            }
        }
        return nil
    }()

    /// The program behind `make loadtest`.
    static let load = beside("load")

    /// The program behind `make soak`.
    static let soak = beside("soak")

    /// The program behind `make demo`.
    static let demo = beside("assay-demo")

    static let others = ["prometheus", "promtool", "kcat"]

    static var missing: [String] { others.filter { find($0) == nil } }

    /// The first of that name along PATH.
    static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").lazy.compactMap { existing("\($0)/\(name)") }.first
    }

    /// A program of the same build as `assay`.
    private static func beside(_ name: String) -> String? {
        assay.flatMap {
            existing(URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent(name).path)
        }
    }

    private static func existing(_ path: String) -> String? {
        var isDirectory: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else { return nil }
        return files.isExecutableFile(atPath: path) ? path : nil
    }
}
