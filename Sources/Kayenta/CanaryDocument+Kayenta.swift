import Analysis
import Foundation
import JSON
import KayentaFormats
import Store

extension CanaryDocument {
    /// A list of samples, under a name of its own.
    static func samples(_ kind: Kind, _ list: [JSONValue], at now: Timestamp) -> CanaryDocument {
        CanaryDocument(
            kind,
            Head(id: UUID().uuidString.lowercased(), changedAt: now),
            body: StoredCanaryForm.write(["list": .array(list)])
        )
    }

    static func config(_ config: CanaryConfig, id: String, at now: Timestamp) -> CanaryDocument {
        CanaryDocument(
            .config,
            Head(id: id, changedAt: now, summary: config.summary.jsonBytes),
            body: StoredCanaryForm.write(["config": .object(config.json)])
        )
    }

    func config() throws(KayentaProblem) -> CanaryConfig {
        try CanaryConfig(try StoredCanaryForm.read(body)["config"] ?? .null)
    }

    func list() throws(KayentaProblem) -> [JSONValue] {
        try StoredCanaryForm.read(body)["list"]?.elements ?? []
    }
}

extension StoredCanary {
    /// - Parameter wakeAt: when a replica is to work on it; not looked at once it is complete.
    init(_ execution: CanaryExecution, wakeAt: Timestamp) {
        self.init(
            id: execution.id,
            kind: .canary,
            application: execution.origin.application,
            status: execution.progress.status.rawValue,
            builtAt: execution.progress.builtAt,
            wakeAt: execution.progress.status.isComplete ? nil : wakeAt,
            state: execution.stored
        )
    }

    init(_ analysis: CanaryAnalysis, wakeAt: Timestamp) {
        self.init(
            id: analysis.id,
            kind: .analysis,
            application: analysis.origin.application,
            status: analysis.progress.status.rawValue,
            builtAt: analysis.progress.builtAt,
            wakeAt: analysis.progress.status.isComplete ? nil : wakeAt,
            state: analysis.stored
        )
    }

    /// The new state of what was read.
    func with(_ new: StoredCanary) -> StoredCanary {
        var new = new
        new.version = version
        return new
    }
}
