/// How much work and memory what comes from outside may cost.
extension SettingsCatalog {
    static let budgets: [Setting] = [
        Setting(
            key: .prometheusMaximumAnswerBytes,
            kind: .number(65_536...268_435_456),
            meaning:
                "The largest answer to one query, in bytes. An analysis that gets a larger one holds, as in an outage.",
            defaultText: "8388608",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusMaximumBytesHeld,
            kind: .number(1_048_576...4_294_967_296),
            meaning:
                "Bytes of all answers that are held at a time. Beyond it queries wait, and large answers are fetched one"
                + " after another.",
            defaultText: "67108864",
            readers: [.serve]
        ),
    ]
}
