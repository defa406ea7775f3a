package import Foundation

/// Files as the kubelet mounts a ConfigMap or a Secret, and replaces them: links to a link that is exchanged.
package enum ConfigMapMount {
    /// Writes the next version. Files that it does not have any more go away.
    package static func write(_ files: [String: String], into folder: URL, version: Int) throws {
        let manager = FileManager.default
        let data = folder.appendingPathComponent("..data").path
        let (next, link) = ("..version_\(version)", folder.appendingPathComponent("..data_tmp").path)
        let target = folder.appendingPathComponent(next)
        try manager.createDirectory(at: target, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: target.appendingPathComponent(name)) }
        let before = try? manager.destinationOfSymbolicLink(atPath: data)
        try manager.createSymbolicLink(atPath: link, withDestinationPath: next)
        // Atomic, as opposed to removing and making it.
        guard rename(link, data) == 0 else { throw TestServerError(description: "..data cannot be exchanged") }
        for name in files.keys {
            let path = folder.appendingPathComponent(name).path
            guard (try? manager.destinationOfSymbolicLink(atPath: path)) == nil else { continue }
            try manager.createSymbolicLink(atPath: path, withDestinationPath: "..data/\(name)")
        }
        for name in try manager.contentsOfDirectory(atPath: folder.path) where !name.hasPrefix("..") {
            if files[name] == nil { try manager.removeItem(atPath: folder.appendingPathComponent(name).path) }
        }
        if let before { try manager.removeItem(at: folder.appendingPathComponent(before)) }
    }
}
