/// A mark or region on dashboards. Times are milliseconds since the epoch.
package struct Annotation: Sendable, Equatable, Codable {
    /// Must not be empty.
    package var text: String
    package var time: Int64?
    /// Makes it a region; not before `time`.
    package var timeEnd: Int64?
    package var tags: [String]
    /// All dashboards of the organisation when nil.
    package var dashboardUID: String?
    package var panelId: Int64?

    package init(
        text: String,
        time: Int64? = nil,
        timeEnd: Int64? = nil,
        tags: [String] = [],
        dashboardUID: String? = nil,
        panelId: Int64? = nil
    ) {
        self.text = text
        self.time = time
        self.timeEnd = timeEnd
        self.tags = tags.map(AnnotationTag.sanitised)
        self.dashboardUID = dashboardUID
        self.panelId = panelId
    }
}

/// What an update changes; what is nil stays as it is.
package struct AnnotationPatch: Sendable, Equatable, Codable {
    package var text: String?
    package var time: Int64?
    package var timeEnd: Int64?
    package var tags: [String]?

    package init(text: String? = nil, time: Int64? = nil, timeEnd: Int64? = nil, tags: [String]? = nil) {
        self.text = text
        self.time = time
        self.timeEnd = timeEnd
        self.tags = tags?.map(AnnotationTag.sanitised)
    }
}

/// An annotation that Grafana keeps.
package struct StoredAnnotation: Sendable, Equatable, Codable {
    package var id: Int64
    package var text: String?
    package var time: Int64?
    package var timeEnd: Int64?
    package var tags: [String]?
}

/// Grafana reads a tag as `key:value` and drops whatever follows a second colon.
package enum AnnotationTag {
    package static let maximumCharacters = 100

    /// The tag with every colon after the first replaced, without control characters, bounded in length.
    package static func sanitised(_ tag: String) -> String {
        var seenColon = false
        let kept = tag.unicodeScalars.lazy.filter { $0.value >= 0x20 && $0.value != 0x7F }.map { scalar in
            guard scalar == ":" else { return Character(scalar) }
            defer { seenColon = true }
            return seenColon ? "-" : ":"
        }
        return String(Array(kept).prefix(maximumCharacters))
    }
}
