import Reports

extension Double {
    /// As a coordinate: of the width or the height, one digit behind the point.
    var percent: String { "\((self * 1000).rounded() / 10)%" }
    /// As a coordinate of its own, one digit behind the point.
    var coordinate: String {
        let rounded = (self * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
