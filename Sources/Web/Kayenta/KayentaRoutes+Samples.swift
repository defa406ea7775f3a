import Analysis
import Hummingbird
import JSON
import Kayenta
import KayentaFormats
import Store

/// The samples that were judged, the judge by itself, and what there is to ask.
extension KayentaRoutes {
    private static let maximumPairBytes = 4 << 20
    /// The longest template of a query that comes as a parameter.
    private static let longestFilter = 1000

    func addSamples(to group: RouterGroup<WebContext>) {
        let pairs = group.group("metricSetPairList")
        pairs.get { [self] _, _ in Self.json(try await api.lists(.pairList)) }
        pairs.post { [self] request, _ in
            let id = try await api.storePairs(try await body(request, maximumBytes: Self.maximumPairBytes))
            return JSONBody.response(["metricSetPairListId": .string(id)])
        }
        pairs.get(":id") { [self] _, context in
            let id = try id(context)
            return try await answers.response { JSONValue.array(try await api.samples(.pairList, id: id)).jsonBytes }
        }
        pairs.delete(":id") { [self] _, context in
            try await api.deleteSamples(.pairList, id: try id(context))
            return Response(status: .noContent)
        }
        pairs.get(":id/:pair") { [self] _, context in
            Self.json(try await api.pair(list: try id(context), id: try id(context, "pair")))
        }
        group.get("metricSetList/:id") { [self] _, context in
            let id = try id(context)
            return try await answers.response { JSONValue.array(try await api.samples(.setList, id: id)).jsonBytes }
        }
        addJudges(to: group.group("judges"))
        group.get("credentials") { _, _ in Self.json(CanaryAccounts.credentials) }
        group.get("metricsServices") { _, _ in Self.json(CanaryAccounts.metricsServices) }
        group.post("fetch/prometheus/query") { [self] request, _ in try await fetch(KayentaParameters(request)) }
    }

    private func addJudges(to group: RouterGroup<WebContext>) {
        group.get { _, _ in
            Self.json(.array([.object(["name": .string(CanaryConfig.judge), "visible": .bool(true)])]))
        }
        group.post("judge") { [self] request, _ in
            let parameters = KayentaParameters(request)
            let thresholds = try CanaryThresholds(
                pass: try parameters.number("passThreshold"),
                marginal: try parameters.number("marginalThreshold")
            )
            let config = try parameters.required("canaryConfigId")
            let pairList = try parameters.required("metricSetPairListId")
            return Self.json(try await api.judge(configID: config, pairList: pairList, thresholds))
        }
    }

    private func fetch(_ parameters: KayentaParameters) async throws -> Response {
        let name = try parameters.required("metricSetName")
        let query = CanaryMetricQuery(
            resourceType: try parameters.text("resourceType"),
            metricName: try parameters.required("metricName"),
            labelBindings: try parameters.texts("labelBindings"),
            groupByFields: try parameters.texts("groupByFields"),
            customInlineTemplate: try parameters.text("customFilter", longest: Self.longestFilter)
        )
        let project = try parameters.text("project")
        let isDry = try parameters.flag("dryRun")
        let (start, end) = (try Self.instant("start", parameters), try Self.instant("end", parameters))
        if !isDry, start == nil { throw KayentaProblem("Start time is required.") }
        if !isDry, end == nil { throw KayentaProblem("End time is required.") }
        let scope = CanaryScope(
            scope: try parameters.text("scope"),
            location: try parameters.text("location"),
            start: start ?? end ?? Timestamp(milliseconds: 0),
            end: end ?? start ?? Timestamp(milliseconds: 0),
            step: Int64(try parameters.whole("step", in: 1...86_400) ?? 60),
            parameters: project.map { ["project": $0] } ?? [:]
        )
        guard !isDry else { return JSONBody.response(["query": .string(try api.query(query, for: scope))]) }
        return JSONBody.response(["metricSetListId": .string(try await api.fetch(name, query, for: scope))])
    }

    private static func instant(_ name: String, _ parameters: KayentaParameters) throws(KayentaProblem) -> Timestamp? {
        guard let text = try parameters.text(name) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw KayentaProblem("\(name) must be an instant such as 2026-11-30T10:15:00Z.")
        }
        return time
    }
}
