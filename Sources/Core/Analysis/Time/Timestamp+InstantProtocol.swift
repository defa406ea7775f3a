extension Timestamp: InstantProtocol {
    package func advanced(by duration: Duration) -> Timestamp { self + duration }

    package func duration(to other: Timestamp) -> Duration { other.since(self) }
}
