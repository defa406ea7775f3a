/// What a response body says, before it is known to be a success.
struct ParsedResponse {
    var status: String?
    var errorType: String?
    var error: String?
    var warnings: [String] = []
    var infos: [String] = []
    var isPartial = false
    var resultType: String?
    /// Nil when there was no result at all.
    var series: [RangeQueryResult.Series]?
    var movedSamples = 0
    var ignoredSamples = 0

    /// Throws ``ResponseFailure`` when this is not a range query's success.
    func rangeQueryResult(on grid: QueryGrid) throws(ResponseFailure) -> RangeQueryResult {
        guard status == "success" else { throw .malformed("its status is missing") }
        guard let series else { throw .malformed("it has no result") }
        guard resultType == "matrix" else { throw .malformed("its result is not a matrix") }
        // Before `infos` was a field of its own, Prometheus put them among the warnings with this prefix.
        let misplaced = warnings.filter { $0.hasPrefix("PromQL info:") }
        let warnings = warnings.filter { !$0.hasPrefix("PromQL info:") }
        return RangeQueryResult(
            grid: grid,
            series: series.sorted { $0.labels < $1.labels },
            warnings: warnings,
            infos: infos + misplaced,
            isPartial: isPartial || !warnings.isEmpty,
            movedSamples: movedSamples,
            ignoredSamples: ignoredSamples
        )
    }
}
