import Analysis
import Concurrency
import Logging

extension Outage.Notice {
    /// How often something has failed, and for how long: the fields of a line about it.
    var metadata: Logger.Metadata {
        switch self {
        case .began: [:]
        case .lasts(let failures, let time): ["failures": "\(failures)", "for": "\(Int(time.seconds))s"]
        case .ended(let failures, let time): ["failures": "\(failures)", "after": "\(Int(time.seconds))s"]
        }
    }

    /// The line's fields with others.
    func metadata(and others: Logger.Metadata) -> Logger.Metadata { metadata.merging(others) { $1 } }
}
