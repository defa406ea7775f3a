import Hummingbird
import JSON
import Kayenta
import KayentaFormats
import Text

/// Kayenta's API below `/kayenta`: configs and executions.
struct KayentaRoutes: Sendable {
    /// The largest body that is read.
    static let maximumBodyBytes = 1 << 20
    /// The application of what names none.
    private static let unnamed = "kayenta-assay"
    private static let anonymous = "anonymous"
    static let maximumLimit = 100
    private static let deepest = 32

    let api: KayentaAPI
    let answers = LargeAnswers()

    func add(to group: RouterGroup<WebContext>) {
        addConfigs(to: group.group("canaryConfig"))
        addCanaries(to: group.group("canary"))
        addAnalyses(to: group.group("standalone_canary_analysis"))
        group.put("pipelines/:id/cancel") { [self] _, context in
            try await api.cancel(id: try id(context))
            return Response(status: .accepted)
        }
        addSamples(to: group)
    }

    // MARK: - Requests

    func id(_ context: WebContext, _ name: String = "id") throws -> String {
        let id = try context.parameters.require(name)
        guard CanaryID.isUsable(id) else {
            throw KayentaProblem("'\(id.excerpt())' does not exist.", kind: .notFound)
        }
        return id
    }

    func body(_ request: Request, maximumBytes: Int = Self.maximumBodyBytes) async throws -> JSONValue {
        let bytes = try await JSONBody.bytes(of: request, maximumBytes: maximumBytes)
        do throws(JSONParseError) { return try JSONParser.parse(bytes, maximumDepth: Self.deepest) } catch {
            throw KayentaProblem("The body is not JSON: \(error).")
        }
    }

    static func json(_ value: JSONValue) -> Response { JSONBody.response(value.jsonBytes) }

    // MARK: - Configs

    private func addConfigs(to group: RouterGroup<WebContext>) {
        group.get { [self] request, _ in
            let applications = try KayentaParameters(request).texts("application")
            return Self.json(try await api.configs(of: applications))
        }
        group.post { [self] request, _ in
            Self.config(try await api.storeConfig(try await body(request)))
        }
        group.get(":id") { [self] _, context in Self.json(try await api.config(id: try id(context))) }
        group.put(":id") { [self] request, context in
            let id = try id(context)
            try await api.updateConfig(id: id, try await body(request))
            return Self.config(id)
        }
        group.delete(":id") { [self] _, context in
            try await api.deleteConfig(id: try id(context))
            return Response(status: .noContent)
        }
    }

    private static func config(_ id: String) -> Response { JSONBody.response(["canaryConfigId": .string(id)]) }

    // MARK: - Executions

    private func addCanaries(to group: RouterGroup<WebContext>) {
        group.post { [self] request, _ in
            let origin = try KayentaParameters(request).origin(application: CanaryOrigin.adHoc)
            return Self.canary(try await api.startCanary(try await body(request), origin))
        }
        group.post(":id") { [self] request, context in
            let origin = try KayentaParameters(request).origin(application: Self.unnamed)
            return Self.canary(try await api.startCanary(configID: try id(context), try await body(request), origin))
        }
        group.get("executions") { [self] request, _ in
            let parameters = KayentaParameters(request)
            let application = try parameters.text("application") ?? CanaryOrigin.adHoc
            let statuses = try parameters.text("statuses")?.split(separator: ",")
                .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
            let limit = try parameters.whole("limit", in: 1...Self.maximumLimit) ?? 20
            let page = try parameters.whole("page", in: 1...100_000) ?? 1
            return try await answers.response {
                try await api.canaries(of: application, statuses: statuses, limit: limit, page: page).jsonBytes
            }
        }
        group.get(":id") { [self] _, context in Self.json(try await api.canary(id: try id(context))) }
    }

    private static func canary(_ id: String) -> Response { JSONBody.response(["canaryExecutionId": .string(id)]) }

    private func addAnalyses(to group: RouterGroup<WebContext>) {
        group.post { [self] request, _ in
            Self.analysis(try await api.startAnalysis(try await body(request), try analyst(request)))
        }
        group.post(":id") { [self] request, context in
            let id = try id(context)
            return Self.analysis(
                try await api.startAnalysis(configID: id, try await body(request), try analyst(request))
            )
        }
        group.get(":id") { [self] _, context in Self.json(try await api.analysis(id: try id(context))) }
    }

    private func analyst(_ request: Request) throws -> CanaryOrigin {
        let parameters = KayentaParameters(request)
        var origin = try parameters.origin(application: CanaryOrigin.adHoc)
        origin.user = try parameters.text("user") ?? Self.anonymous
        return origin
    }

    private static func analysis(_ id: String) -> Response {
        JSONBody.response(["canaryAnalysisExecutionId": .string(id)])
    }
}
