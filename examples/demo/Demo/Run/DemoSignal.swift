/// What wakes the demo while it waits for a release to end.
enum DemoSignal: Sendable {
    case observed(DemoObservation)
    /// About once a second.
    case tick
}

/// Everything that the demo hears, in one line of arrival.
struct DemoSignals: Sendable {
    let stream: AsyncStream<DemoSignal>
    let continuation: AsyncStream<DemoSignal>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: DemoSignal.self, bufferingPolicy: .bufferingOldest(65_536))
    }

    func tick() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            continuation.yield(.tick)
        }
    }
}
