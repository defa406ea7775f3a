import Text

/// Where in a text of PromQL one is: between quotes, in a comment, or in the query itself.
struct QueryPlace {
    private var quote: Unicode.Scalar?
    private var isEscaped = false
    private var isComment = false

    mutating func pass(_ text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            if isComment {
                isComment = scalar != "\n"
            } else if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if scalar == "\\", open != "`" {
                    isEscaped = true
                } else if scalar == open {
                    quote = nil
                }
            } else if scalar == "\"" || scalar == "'" || scalar == "`" {
                quote = scalar
            } else if scalar == "#" {
                isComment = true
            }
        }
    }

    /// Whether a value can stand here without becoming query text.
    func check(_ value: String, of name: String) throws(KayentaProblem) {
        let isFit = value.unicodeScalars.allSatisfy { scalar in
            guard scalar.value >= 32, scalar.value != 127 else { return false }
            if let quote { return scalar != quote && scalar != "\\" }
            if isComment { return true }
            return scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "_:.-".unicodeScalars.contains(scalar))
        }
        guard isFit, !isEscaped, !value.contains("${") else {
            throw KayentaProblem(
                quote == nil
                    ? "The value of '\(name.excerpt())' stands outside of quotes, where it may have letters, digits and _ : . -"
                        + " alone: '\(value.excerpt())'."
                    : "The value of '\(name.excerpt())' would end the quotes that it stands in: '\(value.excerpt())'."
            )
        }
    }
}
