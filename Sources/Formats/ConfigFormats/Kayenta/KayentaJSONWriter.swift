/// Writes JSON: members in the order in which they are given, nil left out, NaN and infinities as texts.
struct KayentaJSONWriter {
    private(set) var text = ""
    private var needsComma = false

    mutating func object(_ members: (inout KayentaJSONWriter) -> Void) {
        nested("{", "}", members)
    }

    mutating func array<Element>(_ elements: [Element], _ write: (inout KayentaJSONWriter, Element) -> Void) {
        nested("[", "]") { writer in
            for element in elements {
                writer.separate()
                write(&writer, element)
                writer.needsComma = true
            }
        }
    }

    mutating func member(_ key: String, _ value: String?) {
        guard let value else { return }
        member(key) { $0.string(value) }
    }

    mutating func member(_ key: String, _ value: Double) {
        member(key) { $0.number(value) }
    }

    mutating func member(_ key: String, _ value: Int) {
        member(key) { $0.text += String(value) }
    }

    mutating func member(_ key: String, _ value: Bool) {
        member(key) { $0.text += value ? "true" : "false" }
    }

    mutating func member(_ key: String, _ write: (inout KayentaJSONWriter) -> Void) {
        separate()
        string(key)
        text += ":"
        write(&self)
        needsComma = true
    }

    mutating func null() {
        text += "null"
    }

    mutating func string(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let code = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    mutating func number(_ value: Double) {
        if value.isFinite {
            text += value.description
        } else {
            string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
        }
    }

    private mutating func nested(_ open: String, _ close: String, _ write: (inout KayentaJSONWriter) -> Void) {
        text += open
        needsComma = false
        write(&self)
        text += close
    }

    private mutating func separate() {
        if needsComma { text += "," }
        needsComma = false
    }
}
