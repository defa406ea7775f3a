/// Why a response body cannot be used.
enum ResponseFailure: Error, Equatable {
    case malformed(String)
    case tooManySeries(Int)
    case tooManyValues(Int)

    var code: PrometheusError.Code {
        switch self {
        case .malformed: .malformedResponse
        case .tooManySeries: .tooManySeries
        case .tooManyValues: .tooManyPoints
        }
    }

    var message: String {
        switch self {
        case .malformed(let reason): "The answer is not the answer to a range query: \(reason)."
        case .tooManySeries(let limit): "The query returns more than \(limit) series; aggregate it."
        case .tooManyValues(let limit):
            "The query returns more than \(limit) values; aggregate it or use a longer step."
        }
    }
}
