import Foundation

extension PlanDirectory {
    package static let maximumFiles = 1000
    package static let maximumBytes = 64 * 1_048_576

    /// Reads every `.yaml`, `.yml` and `.json` file of the directory, in the order of their names.
    ///
    /// Hidden files are left out, links are followed: this is how Kubernetes lays out a ConfigMap. Blocks on the file
    /// system, so call it where that is fine.
    package static func load(_ directory: String, reader: PlanReader) throws(PlanFileErrors) -> PlanDirectory {
        let files = try planFiles(in: directory)
        var plans: [PlanDocument] = []
        var errors: [PlanFileError] = []
        var omitted = 0
        var bytes = 0
        for file in files {
            let path = directory.hasSuffix("/") ? directory + file : "\(directory)/\(file)"
            do throws(PlanFileErrors) {
                guard let text = try text(of: path, limit: reader.limits.maximumBytes) else { continue }
                bytes += text.utf8.count
                guard bytes <= maximumBytes else {
                    throw PlanFileErrors([
                        PlanFileError(file: directory, problem: "holds more than \(maximumBytes) bytes of plans")
                    ])
                }
                plans += try reader.read(text, file: path)
            } catch {
                errors += error.errors
                omitted += error.omitted
                if bytes > maximumBytes { break }
            }
        }
        guard errors.isEmpty else { throw PlanFileErrors(errors, omitted: omitted) }
        return try PlanDirectory(plans: plans, reader: reader)
    }

    private static func planFiles(in directory: String) throws(PlanFileErrors) -> [String] {
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
    private static func text(of path: String, limit: Int) throws(PlanFileErrors) -> String? {
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
