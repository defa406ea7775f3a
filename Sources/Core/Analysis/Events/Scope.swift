/// Label values that pick out the series of one side, by label name.
package typealias ScopeLabels = [String: String]

/// The two sides of a comparison.
package enum Side: String, Sendable, Codable, CaseIterable {
    case control
    case experiment
}

/// What the new version is compared with.
package enum ControlScope: Sendable, Equatable {
    /// Other series at the same time: the baseline or the stable version.
    case labels(ScopeLabels)
    /// The experiment's own series this long ago; > 0.
    case before(Duration)

    package static let acceptedOffsets = Duration.milliseconds(1)...Duration.seconds(90 * 86_400)
}

extension ControlScope: Codable {
    private enum CodingKeys: String, CodingKey {
        case labels
        case before
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let labels = try container.decodeIfPresent(ScopeLabels.self, forKey: .labels)
        let before = try container.decodeIfPresent(String.self, forKey: .before)
        switch (labels, before.map { Duration(compactText: $0) }) {
        case (let labels?, nil): self = .labels(labels)
        case (nil, .some(let offset?)) where offset > .zero: self = .before(offset)
        default:
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: container.codingPath,
                    debugDescription: "expected either labels or before (a time such as 30m)"
                )
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .labels(let labels): try container.encode(labels, forKey: .labels)
        case .before(let offset): try container.encode(offset.compactText, forKey: .before)
        }
    }
}
