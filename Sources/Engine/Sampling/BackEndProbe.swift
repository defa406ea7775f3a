import Analysis
import ServiceLifecycle

/// Asks the metrics back end at the start, so that a wrong address is said before a release needs it, and now and then
/// while it does not answer. Nothing waits for it.
package struct BackEndProbe: Service {
    private let backEnd: PrometheusBackEnd
    private let watch: BackEndWatch
    private let clock: any EngineClock
    private let interval: Duration

    package init(
        _ backEnd: PrometheusBackEnd,
        watch: BackEndWatch,
        clock: any EngineClock,
        interval: Duration = .seconds(10)
    ) {
        self.backEnd = backEnd
        self.watch = watch
        self.clock = clock
        self.interval = interval
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                // While queries are answered there is nothing to find out.
                if self.watch.current != .up { await self.probe() }
                try? await self.clock.sleep(until: self.clock.now() + self.interval)
            }
        }
    }

    package func probe() async {
        let isFirst = watch.current == .unknown
        do throws(SamplingFailure) {
            let identity = try await backEnd.probe()
            watch.asked(nil, at: clock.now(), isProbe: true)
            if isFirst { watch.found(identity) }
        } catch {
            // A question that is cancelled at the stop says nothing about the back end.
            guard !Task.isCancelled else { return }
            watch.asked(error, at: clock.now(), isProbe: true)
        }
    }
}
