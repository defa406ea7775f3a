package import Analysis
import Foundation

/// The time of this machine, which all processes of a run share.
package enum WallClock {
    package static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
