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
    /// 0 for one of the organisation.
    package var dashboardId: Int64?
    /// Older versions say the number alone.
    package var dashboardUID: String?
    /// 0 for one of the whole dashboard.
    package var panelId: Int64?

    /// Whether it may be one that was made for the dashboard and the panel, nil for all.
    package func isMade(for dashboard: String?, panel: Int64?) -> Bool {
        guard panelId == nil || panelId == panel ?? 0 else { return false }
        if let dashboardUID, !dashboardUID.isEmpty { return dashboardUID == dashboard }
        return dashboardId.map { ($0 == 0) == (dashboard == nil) } ?? true
    }
}

/// Grafana reads a tag as `key:value` and drops whatever follows a second colon. It keeps 100 characters of each, and
/// refuses an annotation whose tags are longer than 500 bytes together.
package enum AnnotationTag {
    package static let maximumCharacters = 100
    /// So that an application, an environment and four short tags fit, in any script.
    package static let maximumBytes = 180

    /// The tag with every colon after the first replaced, without control characters, bounded in length.
    package static func sanitised(_ tag: String) -> String {
        var seenColon = false
        var (kept, bytes, count) = (String.UnicodeScalarView(), 0, 0)
        for scalar in tag.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
            bytes += UTF8.width(scalar)
            count += 1
            guard bytes <= maximumBytes, count <= maximumCharacters else { break }
            kept.append(scalar == ":" && seenColon ? "-" : scalar)
            seenColon = seenColon || scalar == ":"
        }
        return String(kept)
    }
}
