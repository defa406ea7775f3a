/// Why Kayenta would not judge a case: its whole judgement fails on this.
package struct KayentaError: Error, Equatable, CustomStringConvertible {
    /// One clear sentence that names the metric and field.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
