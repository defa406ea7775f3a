extension MetricRegistry {
    package func counter(_ name: String, _ help: String) -> Counter<NoLabels> {
        Counter(register(.counter, name, help))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func counter(
        _ name: String,
        _ help: String,
        labels: String,
        startingWith known: [[String]] = []
    ) -> Counter<OneLabel> {
        Counter(register(.counter, name, help, [labels], startingWith: known))
    }

    package func counter(
        _ name: String,
        _ help: String,
        labels: (String, String),
        startingWith known: [[String]] = []
    ) -> Counter<TwoLabels> {
        Counter(register(.counter, name, help, [labels.0, labels.1], startingWith: known))
    }

    package func counter(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        startingWith known: [[String]] = []
    ) -> Counter<ThreeLabels> {
        Counter(register(.counter, name, help, [labels.0, labels.1, labels.2], startingWith: known))
    }

    package func gauge(_ name: String, _ help: String) -> Gauge<NoLabels> {
        Gauge(register(.gauge, name, help))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func gauge(
        _ name: String,
        _ help: String,
        labels: String,
        startingWith known: [[String]] = []
    ) -> Gauge<OneLabel> {
        Gauge(register(.gauge, name, help, [labels], startingWith: known))
    }

    package func gauge(
        _ name: String,
        _ help: String,
        labels: (String, String),
        startingWith known: [[String]] = []
    ) -> Gauge<TwoLabels> {
        Gauge(register(.gauge, name, help, [labels.0, labels.1], startingWith: known))
    }

    package func gauge(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        startingWith known: [[String]] = []
    ) -> Gauge<ThreeLabels> {
        Gauge(register(.gauge, name, help, [labels.0, labels.1, labels.2], startingWith: known))
    }

    package func histogram(_ name: String, _ help: String, buckets: [Double] = MetricRegistry.seconds) -> Histogram<
        NoLabels
    > {
        Histogram(register(.histogram, name, help, buckets: buckets))
    }

    /// `known` are label values to show from the start, in the order of `labels`.
    package func histogram(
        _ name: String,
        _ help: String,
        labels: String,
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<OneLabel> {
        Histogram(register(.histogram, name, help, [labels], buckets: buckets, startingWith: known))
    }

    package func histogram(
        _ name: String,
        _ help: String,
        labels: (String, String),
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<TwoLabels> {
        Histogram(register(.histogram, name, help, [labels.0, labels.1], buckets: buckets, startingWith: known))
    }

    package func histogram(
        _ name: String,
        _ help: String,
        labels: (String, String, String),
        buckets: [Double] = MetricRegistry.seconds,
        startingWith known: [[String]] = []
    ) -> Histogram<ThreeLabels> {
        Histogram(
            register(.histogram, name, help, [labels.0, labels.1, labels.2], buckets: buckets, startingWith: known)
        )
    }

    private func register(
        _ kind: MetricFamily.Kind,
        _ name: String,
        _ help: String,
        _ labelNames: [String] = [],
        buckets: [Double] = [],
        startingWith known: [[String]] = []
    ) -> MetricFamily {
        register(
            MetricFamily(
                name: name,
                help: help,
                kind: kind,
                labelNames: labelNames,
                buckets: buckets,
                startingWith: known
            )
        )
    }
}
