import Benchmark

/// What the service does beside judging: answers of Prometheus, the state of sessions, deploy events.
let benchmarks: @Sendable () -> Void = {
    AnswerBenchmarks.register()
    StateBenchmarks.register()
    EventBenchmarks.register()
}
