/// `name{label="value", …}`: the part of PromQL that the synthetic back end understands.
package struct Selector: Sendable {
    package let labels: [(name: String, value: String)]

    package var sorted: [(name: String, value: String)] { labels.sorted { $0.name < $1.name } }

    /// Nil for anything else than a plain selector with equality matchers and strings in double quotes.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        func skipBlanks() { rest = rest.drop { $0 == UInt8(ascii: " ") } }
        func name() -> String? {
            let name = rest.prefix(while: Self.isNameByte)
            guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
            rest = rest.dropFirst(name.count)
            return String(name)
        }
        func consume(_ byte: Character) -> Bool {
            skipBlanks()
            guard let wanted = byte.asciiValue, rest.first == wanted else { return false }
            rest = rest.dropFirst()
            return true
        }
        func string() -> String? {
            guard consume("\"") else { return nil }
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let next = rest.popFirst(), next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") else {
                        return nil
                    }
                    bytes.append(next)
                default: bytes.append(byte)
                }
            }
            return nil
        }
        skipBlanks()
        guard let metric = name() else { return nil }
        var labels: [(name: String, value: String)] = [("__name__", metric)]
        if consume("{") {
            while !consume("}") {
                skipBlanks()
                guard let label = name(), consume("="), let value = string() else { return nil }
                labels.append((label, value))
                _ = consume(",")
            }
        }
        skipBlanks()
        guard rest.isEmpty else { return nil }
        self.labels = labels
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
