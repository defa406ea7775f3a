/// Percent-encoding of single components (RFC 3986, section 2) and of form bodies.
package enum PercentEncoding {
    /// Everything but unreserved characters becomes `%XX`, so that the result is one component wherever it is put.
    package static func encode(_ component: String) -> String {
        String(decoding: encodedBytes(component), as: UTF8.self)
    }

    /// `name=value&name=value` for a query or an `application/x-www-form-urlencoded` body; names may repeat.
    package static func form(_ parameters: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in parameters {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            bytes += encodedBytes(name)
            bytes.append(UInt8(ascii: "="))
            bytes += encodedBytes(value)
        }
        return bytes
    }

    /// `form` as text, for the query of a URL.
    package static func query(_ parameters: [(name: String, value: String)]) -> String {
        String(decoding: form(parameters), as: UTF8.self)
    }

    private static func encodedBytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 15))
            }
        }
        return bytes
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }
}
