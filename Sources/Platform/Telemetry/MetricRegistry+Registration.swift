extension MetricRegistry {
    package func counter(_ name: String, _ help: String) -> Counter<NoLabels> {
        Counter(register(MetricFamily(name: name, help: help, kind: .counter, labelNames: [])))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func counter(_ name: String, _ help: String, labels: String, startingWith known: [[String]] = [])
        -> Counter<OneLabel>
    {
        Counter(
            register(MetricFamily(name: name, help: help, kind: .counter, labelNames: [labels], startingWith: known))
        )
    }

    package func counter(_ name: String, _ help: String, labels: (String, String), startingWith known: [[String]] = [])
        -> Counter<TwoLabels>
    {
        Counter(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .counter,
                    labelNames: [labels.0, labels.1],
                    startingWith: known
                )
            )
        )
    }

    package func counter(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        startingWith known: [[String]] = []
    ) -> Counter<ThreeLabels> {
        Counter(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .counter,
                    labelNames: [labels.0, labels.1, labels.2],
                    startingWith: known
                )
            )
        )
    }

    package func gauge(_ name: String, _ help: String) -> Gauge<NoLabels> {
        Gauge(register(MetricFamily(name: name, help: help, kind: .gauge, labelNames: [])))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func gauge(_ name: String, _ help: String, labels: String, startingWith known: [[String]] = []) -> Gauge<
        OneLabel
    > {
        Gauge(register(MetricFamily(name: name, help: help, kind: .gauge, labelNames: [labels], startingWith: known)))
    }

    package func gauge(_ name: String, _ help: String, labels: (String, String), startingWith known: [[String]] = [])
        -> Gauge<TwoLabels>
    {
        Gauge(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .gauge,
                    labelNames: [labels.0, labels.1],
                    startingWith: known
                )
            )
        )
    }

    package func gauge(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        startingWith known: [[String]] = []
    ) -> Gauge<ThreeLabels> {
        Gauge(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .gauge,
                    labelNames: [labels.0, labels.1, labels.2],
                    startingWith: known
                )
            )
        )
    }

    package func histogram(_ name: String, _ help: String, buckets: [Double] = MetricRegistry.seconds) -> Histogram<
        NoLabels
    > {
        Histogram(register(MetricFamily(name: name, help: help, kind: .histogram, labelNames: [], buckets: buckets)))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func histogram(
        _ name: String,
        _ help: String,
        labels: String,
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<OneLabel> {
        Histogram(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .histogram,
                    labelNames: [labels],
                    buckets: buckets,
                    startingWith: known
                )
            )
        )
    }

    package func histogram(
        _ name: String,
        _ help: String,
        labels: (String, String),
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<TwoLabels> {
        Histogram(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .histogram,
                    labelNames: [labels.0, labels.1],
                    buckets: buckets,
                    startingWith: known
                )
            )
        )
    }

    package func histogram(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<ThreeLabels> {
        Histogram(
            register(
                MetricFamily(
                    name: name,
                    help: help,
                    kind: .histogram,
                    labelNames: [labels.0, labels.1, labels.2],
                    buckets: buckets,
                    startingWith: known
                )
            )
        )
    }
}
