/// A value is made wrong in one place; `field` is the one that must be named.
struct Change<Value>: Sendable {
    let field: String
    let apply: @Sendable (inout Value) -> Void

    init(_ field: String, _ apply: @escaping @Sendable (inout Value) -> Void) {
        self.field = field
        self.apply = apply
    }
}
