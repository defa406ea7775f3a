import Analysis
import ArgumentParser
import ConfigFormats
import Foundation
import Service

/// `assay validate`: checks plan files.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks plan files: every error with its line, and warnings about what may surprise.",
        discussion: "Exit code 0: all are valid. 1: at least one is not."
    )

    @Argument(help: "Plan files, or directories of them.")
    var files: [String]

    @Flag(help: "Warnings are errors.")
    var strict = false

    func run() throws {
        var isValid = true
        for file in files {
            do throws(PlanFileErrors) {
                let documents = try documents(file)
                let warnings = documents.flatMap { PlanWarnings.warnings(for: $0) }
                for warning in warnings { print(warning) }
                if strict, !warnings.isEmpty { isValid = false }
                for document in documents {
                    let plan = document.plan
                    print(
                        "\(document.file):\(document.line): plan \(plan.name): \(plan.metrics.count)"
                            + " metric\(plan.metrics.count == 1 ? "" : "s"), judge \(plan.judge), ok"
                    )
                }
            } catch {
                isValid = false
                StandardError.write("\(error)\n")
            }
        }
        if !isValid { throw ExitCode(1) }
    }

    private func documents(_ path: String) throws(PlanFileErrors) -> [PlanDocument] {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            return try PlanDirectory.load(path, reader: PlanCatalog.reader).plans
        }
        return try PlanDirectory.documents(inFile: path, reader: PlanCatalog.reader)
    }
}
