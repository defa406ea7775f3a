import Analysis
import JSON
import Text

extension JSONFields {
    func time(_ name: String) throws(JSONFieldError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw error(name, "\"\(text.excerpt())\" is not an RFC 3339 time such as 2026-11-21T10:15:30Z")
        }
        return time
    }
}
