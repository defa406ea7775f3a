extension Direction {
    /// 1 for an increase that is harm, -1 for a decrease; both where either is.
    var signs: [Double] {
        switch self {
        case .increase: [1]
        case .decrease: [-1]
        case .either: [1, -1]
        }
    }

    func write(to writer: inout StateWriter) {
        switch self {
        case .increase: writer.write(0 as UInt8)
        case .decrease: writer.write(1 as UInt8)
        case .either: writer.write(2 as UInt8)
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        switch try reader.byte() {
        case 0: self = .increase
        case 1: self = .decrease
        case 2: self = .either
        default: throw .impossible("the direction")
        }
    }
}
