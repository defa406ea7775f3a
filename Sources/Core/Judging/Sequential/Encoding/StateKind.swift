/// The first byte of a stored state, and the form that this version writes (the second byte).
///
/// A form is never changed once it was stored: a new one has the next number, and all old ones stay readable.
package enum StateKind: UInt8, Sendable {
    case counts = 0x31
    case gauge = 0x32
    case latency = 0x33
    case beforeAfter = 0x34
    case split = 0x35
    case trail = 0x37
    case metric = 0x38
    case keptNoise = 0x3A
    case keptPairs = 0x3B

    /// The form that is written.
    var form: UInt8 {
        switch self {
        // The second form has further parts at its end, each with its number.
        case .metric: 2
        default: 1
        }
    }
}
