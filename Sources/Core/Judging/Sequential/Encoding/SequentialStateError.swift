/// Stored bytes that are no state of the sequential judge.
package enum SequentialStateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bytes end too early.
    case tooShort(Int)
    /// There are more bytes than the state has.
    case tooLong(extra: Int)
    /// The state of another kind of metric, or no state at all.
    case otherKind(UInt8)
    /// A form that a newer version writes.
    case unknownForm(UInt8)
    /// A field with a number that it cannot have.
    case impossible(String)

    package var description: String {
        switch self {
        case .tooShort(let count): "the stored state ends after \(count) bytes, too early"
        case .tooLong(let extra): "the stored state has \(extra) bytes too many"
        case .otherKind(let kind): "the stored state is of another kind (\(kind))"
        case .unknownForm(let form): "the stored state has the form \(form), which this version does not know"
        case .impossible(let field): "the stored state is damaged: \(field) is impossible"
        }
    }
}
