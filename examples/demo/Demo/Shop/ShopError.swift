/// Why the shop refuses a request, in one sentence.
struct ShopError: Error, Sendable, Equatable, CustomStringConvertible {
    enum Code: Sendable {
        case invalid
        case conflict
        case busy
    }

    let code: Code
    let description: String

    static func invalid(_ description: String) -> ShopError { ShopError(code: .invalid, description: description) }
    static func conflict(_ description: String) -> ShopError { ShopError(code: .conflict, description: description) }
    static let busy = ShopError(code: .busy, description: "too many requests are being served; try again")
}
