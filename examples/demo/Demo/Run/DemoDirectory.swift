import Foundation
import Glibc

/// The files of one run.
struct DemoDirectory: Sendable {
    let path: String

    var plans: String { "\(path)/plans" }
    var plan: String { "\(plans)/\(DemoPlan.name).yaml" }
    var prometheusConfiguration: String { "\(path)/prometheus.yml" }
    var prometheusStorage: String { "\(path)/prometheus" }
    var store: String { "\(path)/assay.sqlite" }
    var logs: String { "\(path)/logs" }

    func log(_ name: String) -> String { "\(logs)/\(name).log" }

    /// Makes the directory, or takes the given one if it is empty or isn't there yet.
    static func prepare(_ given: String?, temporary: String) throws(DemoFailure) -> DemoDirectory {
        let path = if let given { absolute(given) } else { try makeTemporary(in: temporary) }
        let directory = DemoDirectory(path: path)
        let files = FileManager.default
        if let found = try? files.contentsOfDirectory(atPath: directory.path), !found.isEmpty {
            throw DemoFailure("The directory \(directory.path) is not empty: name another one, or none.")
        }
        try directory.makeFolders()
        return directory
    }

    /// Removes everything that a run has left in it.
    func empty() throws(DemoFailure) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? [] {
            do { try files.removeItem(atPath: "\(path)/\(name)") } catch {
                throw DemoFailure("\(path)/\(name) could not be removed: \(error.localizedDescription)")
            }
        }
        try makeFolders()
    }

    private func makeFolders() throws(DemoFailure) {
        do {
            for path in [plans, prometheusStorage, logs] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
        } catch {
            throw DemoFailure("The directory \(path) could not be made: \(error.localizedDescription)")
        }
    }

    func write(_ text: String, to path: String) throws(DemoFailure) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw DemoFailure("\(path) could not be written: \(error.localizedDescription)")
        }
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    private static func makeTemporary(in parent: String) throws(DemoFailure) -> String {
        var template = Array("\(parent)/assay-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw DemoFailure("No directory could be made in \(parent): \(String(cString: strerror(errno))).")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
