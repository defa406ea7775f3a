/// One word, number or sign of a condition's text.
struct ConditionToken: Equatable {
    enum Kind: Equatable {
        case number(Double)
        case word(String)
        case sign(String)
        case end
    }

    var kind: Kind
    /// Byte offsets into the text.
    var range: Range<Int>

    /// How an error names it.
    func described(in text: [UInt8]) -> String {
        kind == .end ? "the text ends" : "'\(String(decoding: text[range], as: UTF8.self))' does not fit"
    }
}
