import Analysis
import Engine
package import JSON
import JudgeInputs
package import KayentaFormats
package import Store
import Text

extension KayentaAPI {
    /// `GET /metricSetPairList/{id}` and `GET /metricSetList/{id}`.
    package func samples(_ kind: CanaryDocument.Kind, id: String) async throws -> [JSONValue] {
        guard let document = try await records.canaryDocument(kind, id: id) else {
            throw notFound(kind == .pairList ? "Metric set pair list" : "Metric set list", id)
        }
        return try document.list()
    }

    /// `GET /metricSetPairList/{id}/{pair}`.
    package func pair(list: String, id: String) async throws -> JSONValue {
        let pairs = try await samples(.pairList, id: list)
        guard let pair = pairs.first(where: { $0.object?["id"]?.text == id }) else {
            throw notFound("Metric set pair", id)
        }
        return pair
    }

    /// The ids and times of lists.
    package func lists(_ kind: CanaryDocument.Kind) async throws -> JSONValue {
        .array(
            try await records.canaryDocumentHeads(kind, limit: limits.lists).map { head in
                .object([
                    "id": .string(head.id), "updatedTimestamp": .integer(Int(head.changedAt.milliseconds)),
                    "updatedTimestampIso": .string(head.changedAt.description),
                ])
            }
        )
    }

    /// `POST /metricSetPairList`. Returns the id.
    package func storePairs(_ body: JSONValue) async throws -> String {
        guard let pairs = body.elements else {
            throw KayentaProblem("The body must be a list of metric set pairs, not \(body.kind).")
        }
        do throws(KayentaError) { try KayentaCase.check(pairs: pairs) } catch {
            throw KayentaProblem(error.description.excerpt(300))
        }
        return try await keep(.samples(.pairList, pairs, at: clock.now()))
    }

    private func keep(_ document: CanaryDocument) async throws -> String {
        guard try await records.put(document, if: .absent(most: limits.lists)) else {
            throw KayentaProblem("There are \(limits.lists) lists of samples already; delete some.", kind: .busy)
        }
        return document.head.id
    }

    package func deleteSamples(_ kind: CanaryDocument.Kind, id: String) async throws {
        guard try await records.deleteCanaryDocument(kind, id: id) else { throw notFound("Metric set pair list", id) }
    }

    /// `POST /judges/judge`: the judge over samples that are kept.
    package func judge(configID: String, pairList: String, _ thresholds: CanaryThresholds) async throws -> JSONValue {
        let config = try await storedConfig(configID)
        let pairs = try await samples(.pairList, id: pairList)
        do throws(KayentaError) {
            return try KayentaCase.judge(
                config: .object(config.json),
                pairs: pairs,
                pass: thresholds.pass,
                marginal: thresholds.marginal
            )
        } catch {
            throw KayentaProblem(error.description.excerpt(300))
        }
    }

    /// The query that a metric would be asked for with.
    package func query(_ query: CanaryMetricQuery, for scope: CanaryScope) throws(KayentaProblem) -> String {
        try CanaryQuery.text(query, templates: [:], for: scope)
    }

    /// `POST /fetch/prometheus/query`: asks, and keeps what comes. Returns the id of the list.
    package func fetch(_ name: String, _ query: CanaryMetricQuery, for scope: CanaryScope) async throws -> String {
        let text = try self.query(query, for: scope)
        guard queries.take() else {
            throw KayentaProblem("\(limits.queries) queries are under way; try again later.", kind: .busy)
        }
        defer { queries.giveBack() }
        let series: [CanarySeries]
        do throws(CanarySourceFailure) { series = try await source.series(of: text, for: scope) } catch {
            throw KayentaProblem(error.message, kind: error.isTransient ? .unavailable : .invalid)
        }
        let sets = CanaryMetricSet.all(of: series, metric: name, query: text, scope: scope)
        guard CanarySetMixer.size(sets) <= CanaryRun.mostValues else {
            throw KayentaProblem("There are more than \(CanaryRun.mostValues) samples; aggregate the metric.")
        }
        return try await keep(.samples(.setList, sets.map(\.json), at: clock.now()))
    }
}
