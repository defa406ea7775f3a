package import Analysis
package import JSON

/// How far an execution is, and when it was where.
package struct CanaryProgress: Sendable, Equatable {
    package var status: CanaryStatus = .notStarted
    package var builtAt: Timestamp
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var exception: JSONValue?

    package init(builtAt: Timestamp) {
        self.builtAt = builtAt
    }

    package mutating func end(_ status: CanaryStatus, at now: Timestamp, exception: JSONValue? = nil) {
        self.status = status
        endedAt = now
        self.exception = exception
    }

    /// The times, as answers tell them.
    func addTimes(to object: inout JSONObject) {
        for (name, time) in [("build", builtAt), ("start", startedAt), ("end", endedAt)] {
            object["\(name)TimeMillis"] = time.map { .integer(Int($0.milliseconds)) }
            object["\(name)TimeIso"] = time.map { .string($0.javaText) }
        }
    }

    func addStored(to object: inout JSONObject) {
        object["status"] = .string(status.rawValue)
        addTimes(to: &object)
        object["exception"] = exception
    }

    init(stored object: JSONObject) throws(KayentaProblem) {
        guard let status = object["status"]?.text.flatMap(CanaryStatus.init),
            let built = object["buildTimeMillis"]?.integer
        else { throw KayentaProblem("The stored execution has no state that is known here.") }
        self.init(builtAt: Timestamp(milliseconds: built))
        self.status = status
        startedAt = object["startTimeMillis"]?.integer.map { Timestamp(milliseconds: $0) }
        endedAt = object["endTimeMillis"]?.integer.map { Timestamp(milliseconds: $0) }
        exception = object["exception"]
    }
}
