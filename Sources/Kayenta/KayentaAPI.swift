import Analysis
package import Concurrency
package import Engine
import JSON
import KayentaFormats
package import Store
import Text

/// What Kayenta's API does, apart from HTTP.
package struct KayentaAPI: Sendable {
    package struct Limits: Sendable {
        package var configs = 1000
        /// Executions that are not finished.
        package var unfinished = 1000
        /// Lists of samples that callers bring.
        package var lists = 10_000
        /// Questions of `POST /fetch/prometheus/query` at a time.
        package var queries = 2

        package init() {}
    }

    let records: any CanaryRecords
    let source: any CanarySource
    let clock: any EngineClock
    /// Signalled when there is an execution to work on.
    let work: WakeSignal
    let limits: Limits
    let queries: QueryPlaces

    package init(
        records: any CanaryRecords,
        source: any CanarySource,
        clock: any EngineClock,
        work: WakeSignal,
        limits: Limits = Limits()
    ) {
        self.records = records
        self.source = source
        self.clock = clock
        self.work = work
        self.limits = limits
        queries = QueryPlaces(limits.queries)
    }

    func notFound(_ what: String, _ id: String) -> KayentaProblem {
        KayentaProblem("\(what) '\(id.excerpt())' does not exist.", kind: .notFound)
    }
}
