import Hummingbird
import Store

/// A request that the store let down: says what has become of it, and whether trying again can help.
struct StoreFailure: Error {
    enum Activity {
        /// Something was to be taken in.
        case takingIn
        /// Something was to be decided about an analysis.
        case deciding
        /// Something was to be shown.
        case reading
    }

    let error: StoreError
    let activity: Activity

    /// Trying again changes nothing until an operator has repaired the store.
    private var isPermanent: Bool {
        switch error.code {
        case .corrupt, .schema: true
        case .conflict, .full, .unavailable, .unknown, .replaced: false
        }
    }

    var status: HTTPResponse.Status { isPermanent ? .internalServerError : .serviceUnavailable }

    /// Seconds.
    var retryAfter: Int? { isPermanent ? nil : 5 }

    var sentence: String {
        let code = error.code.rawValue
        return switch (activity, isPermanent, error.code) {
        case (.takingIn, _, .unknown):
            "it is not known whether the event was taken in (\(code)): send it again with the same id"
        case (.takingIn, true, _):
            "the store cannot be used (\(code)); nothing was taken in: an operator has to see to it"
        case (.takingIn, false, _):
            "the store is not available (\(code)); nothing was taken in: send the event again later"
        case (.deciding, _, .unknown):
            "it is not known whether the decision was taken (\(code)): send it again with the same Idempotency-Key"
        case (.deciding, true, _):
            "the store cannot be used (\(code)); nothing was decided: an operator has to see to it"
        case (.deciding, false, _): "the store is not available (\(code)); nothing was decided: try again"
        case (.reading, true, _): "the store cannot be read (\(code)): an operator has to see to it"
        case (.reading, false, _): "the store is not available (\(code)): try again"
        }
    }

    /// Does something with the store; an error of it becomes one that can be answered with.
    static func rendering<Value>(_ activity: Activity, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as StoreError {
            throw StoreFailure(error: error, activity: activity)
        }
    }
}
