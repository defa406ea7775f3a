import JSON

/// The samples of one metric as Kayenta hands them to its judge.
struct KayentaMetricSetPair {
    var name: String?
    var id: String?
    /// Written back as they came; a tag may be null.
    var tags: [String: String?]?
    var control: [Double]?
    var experiment: [Double]?

    init(_ pair: JSONValue) throws(KayentaError) {
        _ = try pair.members("A metric set pair")
        name = try pair.member("name")?.text("A metric set pair's name")
        id = try pair.member("id")?.text("A metric set pair's id")
        if let members = try pair.member("tags")?.sortedMembers("tags") {
            var tags: [String: String?] = [:]
            for (key, value) in members {
                tags.updateValue(value == .null ? nil : try value.text("The tag '\(key)'"), forKey: key)
            }
            self.tags = tags
        }
        if let values = pair.member("values") {
            _ = try values.members("values")
            control = try Self.samples(values, "control")
            experiment = try Self.samples(values, "experiment")
        }
    }

    private static func samples(_ values: JSONValue, _ side: String) throws(KayentaError) -> [Double]? {
        guard let elements = try values.member(side)?.list("values.\(side)") else { return nil }
        var samples: [Double] = []
        samples.reserveCapacity(elements.count)
        for element in elements { samples.append(try element.number("A sample of \(side)")) }
        return samples
    }
}
