/// Bodies as Prometheus, and what stands before it, write them.
package enum PrometheusAnswers {
    /// A range query's success with these series, as `{"metric":…,"values":…}` each.
    package static func matrix(_ series: String = "") -> String {
        #"{"status":"success","data":{"resultType":"matrix","result":[\#(series)]}}"#
    }

    /// Prometheus' own form of a failure.
    package static func error(_ type: String, _ detail: String) -> String {
        let detail = detail.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return #"{"status":"error","errorType":"\#(type)","error":"\#(detail)"}"#
    }

    /// The page of a login that stands before the back end.
    package static let login =
        "<!doctype html><html><head><title>Sign in</title></head><body><form>Password</form></body></html>"
}
