import Analysis
import Engine
import Foundation
package import JSON
import KayentaFormats
import Store
import Text

extension KayentaAPI {
    /// `GET /canaryConfig`: those of one of the applications, or all.
    package func configs(of applications: [String]) async throws -> JSONValue {
        let heads = try await records.canaryDocumentHeads(.config, limit: limits.configs)
        let summaries = heads.compactMap { try? JSONParser.parse($0.summary, maximumDepth: 8) }
        guard !applications.isEmpty else { return .array(summaries) }
        return .array(summaries.filter { Self.applications(of: $0).contains(where: applications.contains) })
    }

    private static func applications(of summary: JSONValue) -> [String] {
        summary.object?["applications"]?.elements?.compactMap(\.text) ?? []
    }

    package func config(id: String) async throws -> JSONValue { .object(try await storedConfig(id).json) }

    func storedConfig(_ id: String) async throws -> CanaryConfig {
        guard let document = try await records.canaryDocument(.config, id: id) else {
            throw notFound("Canary config", id)
        }
        return try document.config()
    }

    /// `POST /canaryConfig`. Returns the id.
    package func storeConfig(_ body: JSONValue) async throws -> String {
        let config = try CanaryConfig(body, path: "config")
        try config.checkForStore()
        let id = config.id ?? UUID().uuidString.lowercased()
        guard CanaryID.isUsable(id) else {
            throw KayentaProblem("The id of a canary config may have letters, digits and - _ . alone, 128 at most.")
        }
        if try await records.canaryDocument(.config, id: id) != nil { throw exists(id) }
        try await checkName(config, id: id)
        let now = clock.now()
        let document = CanaryDocument.config(config.stamped(id: id, at: now, isNew: true), id: id, at: now)
        guard try await records.put(document, if: .absent(most: limits.configs)) else {
            if try await records.canaryDocument(.config, id: id) != nil { throw exists(id) }
            throw KayentaProblem("There are \(limits.configs) canary configs already: delete some.", kind: .busy)
        }
        return id
    }

    private func exists(_ id: String) -> KayentaProblem { KayentaProblem("Canary config '\(id)' already exists.") }

    /// `PUT /canaryConfig/{id}`.
    package func updateConfig(id: String, _ body: JSONValue) async throws {
        let config = try CanaryConfig(body, path: "config")
        try config.checkForStore()
        guard config.id == nil || config.id == id else {
            throw KayentaProblem(
                "config.id is '\(config.id?.excerpt() ?? "")', and the config '\(id.excerpt())' is meant."
            )
        }
        try await checkName(config, id: id)
        let now = clock.now()
        let document = CanaryDocument.config(config.stamped(id: id, at: now, isNew: false), id: id, at: now)
        guard try await records.put(document, if: .present) else {
            throw KayentaProblem("Canary config '\(id.excerpt())' does not exist.")
        }
    }

    package func deleteConfig(id: String) async throws {
        guard try await records.deleteCanaryDocument(.config, id: id) else { throw notFound("Canary config", id) }
    }

    /// Those who look for a config by its name and an application must find one.
    private func checkName(_ config: CanaryConfig, id: String) async throws {
        for head in try await records.canaryDocumentHeads(.config, limit: limits.configs) where head.id != id {
            guard let summary = try? JSONParser.parse(head.summary, maximumDepth: 8),
                summary.object?["name"]?.text == config.name
            else { continue }
            let shared = Self.applications(of: summary).filter(config.applications.contains)
            guard shared.isEmpty else {
                throw KayentaProblem(
                    "Canary config with name '\(config.name ?? "")' already exists in the scope of applications"
                        + " [\(shared.joined(separator: ", "))]."
                )
            }
        }
    }
}
