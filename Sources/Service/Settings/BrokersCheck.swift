/// The check of addresses of Kafka brokers. What it says shows none of the text, since that may hold a password.
enum BrokersCheck {
    private static let protocols = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]

    /// What is wrong with a text, to be read after the setting's name and a colon; nil when nothing is.
    static func problem(_ text: String) -> String? {
        guard !text.unicodeScalars.contains("@") else {
            return "must not hold a user or a password: they stand in kafka.sasl.username and kafka.sasl.passwordFile"
        }
        let brokers = SettingKind.parts(text)
        guard !brokers.isEmpty else { return "names no broker" }
        guard let place = brokers.firstIndex(where: { !isBroker($0) }) else { return nil }
        return "address \(place + 1) of \(brokers.count) is not of the form host:port"
    }

    /// A host with or without a port, and as librdkafka takes it, with or without a protocol that it knows.
    private static func isBroker(_ text: String) -> Bool {
        var address = Substring(text)
        if let range = text.firstRange(of: "://") {
            guard protocols.contains(text[..<range.lowerBound].lowercased()) else { return false }
            address = text[range.upperBound...]
        }
        guard !address.unicodeScalars.contains(where: { $0.value <= 0x20 || "/\\?#;=\"'".unicodeScalars.contains($0) })
        else { return false }
        return AddressCheck.hostProblem(address) == nil
    }
}
