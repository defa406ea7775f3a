/// One reader of bytes from outside, and what must hold for whatever it is given.
package struct FuzzTarget: Sendable {
    package enum Property: Sendable {
        case direct(@Sendable ([UInt8]) throws -> Void)
        case suspending(@Sendable ([UInt8]) async throws -> Void)
    }

    /// Also the name of its folder of seeds.
    package let name: String
    /// The longest input that is worth trying.
    package let maximumBytes: Int
    /// The dictionary of words that its inputs are made of; nil when there is none.
    package let dictionary: String?
    /// Throws where something does not hold.
    package let property: Property

    init(
        _ name: String,
        maximumBytes: Int = 2048,
        dictionary: String? = nil,
        _ check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.init(name, maximumBytes: maximumBytes, dictionary: dictionary, property: .direct(check))
    }

    init(_ name: String, maximumBytes: Int = 2048, dictionary: String? = nil, property: Property) {
        self.name = name
        self.maximumBytes = maximumBytes
        self.dictionary = dictionary
        self.property = property
    }
}

extension FuzzTarget {
    package static let all: [FuzzTarget] = [
        json, structuredEvent, kafkaEvent, httpEvent, hook, pastWindow, verdict, rolloutEvent, plan, kayentaCase,
        kayentaRequest,
        seriesFile,
        condition,
        notifications, settingsFile, prometheusAnswer, prometheusError, queryTemplate, promQL, grafanaAnswer,
        kubernetesAnswer,
        argoRollout,
        webhookAnswer, httpFields, postgresValue, postgresAddress, scalarText, sessionQuery, sampleBlocks, judge,
        sequentialState,
    ]
}

/// A property that does not hold.
package struct Finding: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

func require(_ holds: Bool, _ property: @autoclosure () -> String) throws {
    if !holds { throw Finding(property()) }
}

/// What is told to a person is one bounded line that no terminal and no log reader can be fooled with.
func requireCleanLine(_ text: String, maximumBytes: Int = 2048) throws {
    try require(text.utf8.count <= maximumBytes, "a message has \(text.utf8.count) bytes: \(text.prefix(200))")
    try require(!text.isEmpty, "a message is empty")
    for scalar in text.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator:
            throw Finding("a message holds U+\(String(scalar.value, radix: 16)): \(text.debugDescription)")
        default: break
        }
    }
}
