/// When the experiment began to have more events than the control, and when fewer.
struct CountOnsets: Sendable, Equatable {
    /// Nil in the direction that is no harm.
    var increase: OnsetSearch?
    var decrease: OnsetSearch?

    init() {}

    /// Adds a unit that is compared next.
    mutating func add(_ pieces: [CountsUnit], unit index: Int, by counts: CountsComparison) {
        if counts.increase != nil { increase = (increase ?? OnsetSearch()).adding(pieces, unit: index) }
        if counts.decrease != nil {
            decrease = (decrease ?? OnsetSearch()).adding(pieces.map(\.exchanged), unit: index)
        }
    }
}

extension CountOnsets {
    func write(to writer: inout StateWriter) {
        for search in [increase, decrease] {
            writer.write(search != nil)
            search?.write(to: &writer)
        }
    }

    init(from reader: inout StateReader, upTo units: Int) throws(SequentialStateError) {
        if try reader.flag("a beginning of harm") { increase = try OnsetSearch(from: &reader, upTo: units) }
        if try reader.flag("a beginning of harm") { decrease = try OnsetSearch(from: &reader, upTo: units) }
    }
}
