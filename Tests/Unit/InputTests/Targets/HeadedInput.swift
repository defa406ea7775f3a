import EventFormats

/// An input of header lines, an empty line and a body, so that seeds can be read and written by people.
///
/// `name: value` is a header; a line without a colon is a header without a value.
struct HeadedInput {
    var headers: [EventHeader] = []
    /// Nil where there is no empty line.
    var body: [UInt8]?

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0A }
            rest = rest.dropFirst(line.count + 1)
            guard !line.isEmpty else {
                body = Array(rest)
                return
            }
            let name = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                headers.append(EventHeader(name: name, value: nil))
                continue
            }
            let value = line[(colon + 1)...].drop { $0 == 0x20 }
            headers.append(EventHeader(name: name, value: Array(value)))
        }
    }

    /// The first header's value as a whole number; 0 without one.
    var number: Int {
        Int(String(decoding: headers.first?.value ?? [], as: UTF8.self)) ?? 0
    }

    func text(_ name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }
}
