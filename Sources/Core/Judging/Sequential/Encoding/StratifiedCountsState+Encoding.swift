extension StratifiedCountsState {
    /// The state as bytes: kind, form, then numbers little-endian. 7.4 KB.
    package var encoded: [UInt8] {
        var writer = StateWriter(.strata, room: 7_700)
        pooled.write(to: &writer)
        stratified.write(to: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such state.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .strata)
        let pooled = try CountsState(from: &reader)
        let stratified = try CountsState(from: &reader)
        guard pooled.rule == stratified.rule else { throw .impossible("the rule") }
        self.init(pooled.rule)
        self.pooled = pooled
        self.stratified = stratified
        try reader.end()
    }
}
