extension StratifiedCountsState: StoredState {
    package static var kind: StateKind { .strata }
    /// 7.4 KB.
    package var room: Int { 7_700 }

    package func write(to writer: inout StateWriter) {
        pooled.write(to: &writer)
        stratified.write(to: &writer)
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        let pooled = try CountsState(from: &reader)
        let stratified = try CountsState(from: &reader)
        guard pooled.rule == stratified.rule else { throw .impossible("the rule") }
        self.init(pooled.rule)
        self.pooled = pooled
        self.stratified = stratified
    }
}
