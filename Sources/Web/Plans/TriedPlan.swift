package import Analysis

/// What the metrics back end answers to the queries of a plan.
package struct TriedPlan: Codable, Sendable, Equatable {
    /// To one query of one side, or what both sides have in common.
    package struct Answer: Codable, Sendable, Equatable {
        package var metric: String
        /// `control`, `experiment` or `both`.
        package var side: String
        /// Absent where there is no answer with series.
        package var series: Int?
        package var samples: Int?
        /// The window before has samples too.
        package var hasHistory: Bool?
        /// In a few words.
        package var answer: String
        package var isGood: Bool

        package init(
            metric: String,
            side: String,
            series: Int?,
            samples: Int?,
            hasHistory: Bool?,
            answer: String,
            isGood: Bool
        ) {
            self.metric = metric
            self.side = side
            self.series = series
            self.samples = samples
            self.hasHistory = hasHistory
            self.answer = answer
            self.isGood = isGood
        }
    }

    /// What a metric can find at the counts that were measured.
    package struct Outlook: Codable, Sendable, Equatable {
        package var metric: String
        package var sentence: String
        package var canDecide: Bool

        package init(metric: String, sentence: String, canDecide: Bool) {
            self.metric = metric
            self.sentence = sentence
            self.canDecide = canDecide
        }
    }

    package var plan: String
    package var window: TimeWindow
    /// Every query can be judged by its answer, and some metric can decide.
    package var isGood: Bool
    package var answers: [Answer]
    package var outlooks: [Outlook]
    /// Why the back end could not be asked; nil where it was.
    package var outage: String?

    package init(
        plan: String,
        window: TimeWindow,
        isGood: Bool,
        answers: [Answer],
        outlooks: [Outlook],
        outage: String?
    ) {
        self.plan = plan
        self.window = window
        self.isGood = isGood
        self.answers = answers
        self.outlooks = outlooks
        self.outage = outage
    }
}
