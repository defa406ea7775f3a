import Analysis
import Concurrency
import Engine
import Foundation
import JSON
import Kayenta
import KayentaFormats
import Logging
import Store

/// The API and replicas over one store, under time that is moved by hand.
struct CanaryWorld: Sendable {
    let store: SQLiteStore
    let clock = ManualClock(Timestamp(milliseconds: 1_796_022_000_000))
    let source: ScriptedSource
    let api: KayentaAPI
    let work = WakeSignal()

    static let config = """
        {"name": "web", "applications": ["shop"],
         "metrics": [{"name": "errors", "groups": ["g"], "scopeName": "default", "query": {"type": "prometheus",
           "customInlineTemplate": "PromQL:errors{track=\\"${scope}\\"}"},
           "analysisConfigurations": {"canary": {"direction": "increase"}}}],
         "classifier": {"groupWeights": {"g": 100}}}
        """

    static func run(
        limits: KayentaAPI.Limits = KayentaAPI.Limits(),
        answers: @escaping ScriptedSource.Answer = { query, scope, _ in
            ScriptedSource.steady(query.contains("bad") ? 20 : 10, scope)
        },
        _ body: @Sendable (CanaryWorld) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
        try await body(CanaryWorld(store, ScriptedSource(answers), limits))
        await store.close()
    }

    private init(_ store: SQLiteStore, _ source: ScriptedSource, _ limits: KayentaAPI.Limits) {
        self.store = store
        self.source = source
        api = KayentaAPI(records: store, source: source, clock: clock, work: work, limits: limits)
    }

    func replica(_ name: String = "one") -> CanaryRunner {
        CanaryRunner(
            records: store,
            source: source,
            clock: clock,
            work: work,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: .init(owner: name)
        )
    }

    static func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8), maximumDepth: 32) }

    /// The hour before the world's time, both sides.
    func request(experiment: String = "canary") throws -> JSONValue {
        let side = #""start": "2026-11-30T06:00:00Z", "end": "2026-11-30T07:00:00Z", "step": 60"#
        return try Self.json(
            #"{"scopes": {"default": {"controlScope": {"scope": "stable", \#(side)}, "#
                + #""experimentScope": {"scope": "\#(experiment)", \#(side)}}}, "thresholds": {"pass": 95, "marginal": 75}}"#
        )
    }

    /// A judgement by a config that is kept.
    func start(experiment: String = "canary") async throws -> String {
        let config = try await api.storeConfig(try Self.json(Self.config.replacing("web", with: UUID().uuidString)))
        let origin = CanaryOrigin(application: "shop")
        return try await api.startCanary(configID: config, try request(experiment: experiment), origin)
    }
}

extension JSONValue {
    /// The value at a path of members and indexes.
    subscript(path: String...) -> JSONValue? {
        path.reduce(self) { value, name in
            if let index = Int(name) { return value?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
            return value?.object?[name]
        }
    }
}
