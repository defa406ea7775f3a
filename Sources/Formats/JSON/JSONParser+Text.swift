extension JSONParser {
    /// The text of each value in an object, to the byte: for what is signed as it was written.
    package static func texts(ofObject bytes: [UInt8], maximumDepth: Int) throws(JSONParseError) -> [String: [UInt8]] {
        var parser = JSONParser(bytes, maximumDepth: maximumDepth, rules: .strict)
        var texts: [String: [UInt8]] = [:]
        guard parser.consume(UInt8(ascii: "{")) else { throw parser.error("an object is expected") }
        guard !parser.consume(UInt8(ascii: "}")) else { return texts }
        repeat {
            parser.skipSpace()
            guard parser.next == UInt8(ascii: "\"") else { throw parser.error("a member name in quotes is expected") }
            let name = try parser.string()
            guard parser.consume(UInt8(ascii: ":")) else { throw parser.error("a colon is expected") }
            texts[name] = try parser.text()
        } while parser.consume(UInt8(ascii: ","))
        return texts
    }

    /// The text of each element of an array, to the byte.
    package static func texts(ofArray bytes: [UInt8], maximumDepth: Int) throws(JSONParseError) -> [[UInt8]] {
        var parser = JSONParser(bytes, maximumDepth: maximumDepth, rules: .strict)
        var texts: [[UInt8]] = []
        guard parser.consume(UInt8(ascii: "[")) else { throw parser.error("an array is expected") }
        guard !parser.consume(UInt8(ascii: "]")) else { return texts }
        repeat {
            texts.append(try parser.text())
        } while parser.consume(UInt8(ascii: ","))
        return texts
    }
}
