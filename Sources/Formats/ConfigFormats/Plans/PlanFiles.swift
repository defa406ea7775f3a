import Foundation

/// The texts of a directory's plan files, as they were read.
package struct PlanFiles: Sendable {
    package static let maximumFiles = 1000
    package static let maximumBytes = 64 * 1_048_576

    struct File: Sendable {
        var path: String
        /// Why there is no text: the file cannot be used.
        var text: Result<String, PlanFileErrors>
    }

    /// In the order of names.
    let files: [File]
    /// The same for the same names and texts, within one process.
    package let fingerprint: Int

    package var isEmpty: Bool { files.isEmpty }

    /// Reads every `.yaml`, `.yml` and `.json` file of the directory.
    ///
    /// Hidden files are left out, links are followed: this is how Kubernetes lays out a ConfigMap. Blocks on the file
    /// system, so call it where that is fine. Throws when the directory as a whole cannot be used.
    package static func read(_ directory: String, limits: YAMLLimits) throws(PlanFileErrors) -> PlanFiles {
        var files: [File] = []
        var bytes = 0
        for name in try names(in: directory) {
            let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
            do throws(PlanFileErrors) {
                guard let text = try text(of: path, limit: limits.maximumBytes) else { continue }
                bytes += text.utf8.count
                files.append(File(path: path, text: .success(text)))
            } catch {
                files.append(File(path: path, text: .failure(error)))
            }
            guard bytes <= maximumBytes else {
                throw PlanFileErrors([
                    PlanFileError(file: directory, problem: "holds more than \(maximumBytes) bytes of plans")
                ])
            }
        }
        return PlanFiles(files: files)
    }

    private init(files: [File]) {
        self.files = files
        var hasher = Hasher()
        for file in files {
            hasher.combine(file.path)
            switch file.text {
            case .success(let text): hasher.combine(text)
            case .failure(let errors): hasher.combine(errors.description)
            }
        }
        fingerprint = hasher.finalize()
    }

    private static func names(in directory: String) throws(PlanFileErrors) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw PlanFileErrors([PlanFileError(file: directory, problem: "is not a directory that can be read")])
        }
        let files = names.filter { name in
            let isPlan = [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
            return isPlan && !name.hasPrefix(".")
        }
        guard files.count <= maximumFiles else {
            let problem = "holds \(files.count) plan files; at most \(maximumFiles) are accepted"
            throw PlanFileErrors([PlanFileError(file: directory, problem: problem)])
        }
        return files.sorted()
    }

    /// The file's text; nil for a directory that is named like a plan.
    static func text(of path: String, limit: Int) throws(PlanFileErrors) -> String? {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
        if type == .typeDirectory { return nil }
        // Only regular files: opening a pipe would wait for a writer.
        guard type == .typeRegular, let handle = FileHandle(forReadingAtPath: target),
            let data = try? handle.read(upToCount: limit + 1) ?? Data()
        else { throw PlanFileErrors([PlanFileError(file: path, problem: "is not a file that can be read")]) }
        guard data.count <= limit else {
            throw PlanFileErrors([PlanFileError(file: path, problem: "has more than \(limit) bytes")])
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw PlanFileErrors([PlanFileError(file: path, problem: "is not UTF-8")])
        }
        return text
    }
}
