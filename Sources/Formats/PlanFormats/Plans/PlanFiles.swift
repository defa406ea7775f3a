import Foundation
import Text
import TextFiles

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

    private static func isPlan(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) } && !name.hasPrefix(".")
    }

    /// Why there is nothing to read in a directory: what it holds instead of plan files.
    package static func absence(in directory: String) -> PlanFileErrors {
        var hints: [String] = []
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
        let similar = names.filter { name in
            !name.hasPrefix(".") && [".yaml.", ".yml.", ".json."].contains { name.lowercased().contains($0) }
        }
        if let name = similar.first { hints.append("\(name.excerpt(100)) has another ending") }
        if let folder = names.first(where: { holdsPlans("\(directory)/\($0)") }) {
            hints.append("\(folder.excerpt(100)) is a folder with some in it, and folders inside are not searched")
        }
        let hint = hints.isEmpty ? "" : "; " + hints.joined(separator: ", ")
        return PlanFileErrors([PlanFileError(file: directory, problem: "no plan files (.yaml, .yml, .json)\(hint)")])
    }

    /// Whether a folder, or one of the first folders in it, holds files that look like plans.
    private static func holdsPlans(_ folder: String, depth: Int = 0) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
        let visible = names.filter { !$0.hasPrefix(".") }.sorted().prefix(100)
        let looksLikePlan = visible.contains { name in
            isPlan(name) || [".yaml.", ".yml.", ".json."].contains { name.lowercased().contains($0) }
        }
        return looksLikePlan || depth < 3 && visible.contains { holdsPlans("\(folder)/\($0)", depth: depth + 1) }
    }

    private static func names(in directory: String) throws(PlanFileErrors) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw PlanFileErrors([PlanFileError(file: directory, problem: "is not a directory that can be read")])
        }
        let files = names.filter(isPlan)
        guard files.count <= maximumFiles else {
            let problem = "holds \(files.count) plan files; at most \(maximumFiles) are accepted"
            throw PlanFileErrors([PlanFileError(file: directory, problem: problem)])
        }
        return files.sorted()
    }

    /// The file's text; nil for a directory that is named like a plan.
    static func text(of path: String, limit: Int) throws(PlanFileErrors) -> String? {
        do throws(TextFileError) {
            return try TextFile.read(path, maximumBytes: limit)
        } catch {
            if error.code == .directory { return nil }
            throw PlanFileErrors([PlanFileError(file: path, problem: error.problem)])
        }
    }
}
