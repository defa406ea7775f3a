/// How much work and memory what comes from outside may cost.
extension SettingsCatalog {
    static let budgets: [Setting] = [
        Setting(
            key: .databaseMaximumBytes,
            kind: .number(16_777_216...1_125_899_906_842_624),
            meaning:
                "Bytes of the store (SQLite's file and log, or the whole database of Postgres) above which nothing is taken"
                + " in: well below what the disk has. Below nine tenths of it intake opens again. Without it, no limit.",
            readers: [.serve]
        ),
        Setting(
            key: .engineMaximumAnalyses,
            kind: .number(1...1_000_000),
            meaning: "Analyses that have not ended, of all sources together, above which nothing is taken in.",
            defaultText: "50000",
            readers: [.serve]
        ),
        Setting(
            key: .engineMaximumAnalysesPerSource,
            kind: .number(1...1_000_000),
            meaning:
                "Analyses of one event source (`source` of the deploy event) that have not ended, above which its events"
                + " wait while those of other sources are answered: over HTTP with status 429, over Kafka in the inbox."
                + " The events that wait so count among the 50,000 that close the intake. `assay emit` names `/assay/emit`"
                + " where no `--source` is given: give each pipeline its own.",
            defaultText: "25000",
            readers: [.serve]
        ),
        Setting(
            key: .selfCheckEvery,
            kind: .timeOrNever(atLeast: .seconds(60)),
            meaning:
                "How often a plan that tells pods apart (`pods`) is tried on the stable version alone, of each release while none"
                + " is analysed: 1m or longer, or 0s for never. It takes the queries of one analysis, one after another, and shows metrics.",
            defaultText: "6h",
            readers: [.serve]
        ),
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
