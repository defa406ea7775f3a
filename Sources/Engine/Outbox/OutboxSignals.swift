package import Concurrency

/// Wakes every relay: something has been written to the outbox.
package struct OutboxSignals: Sendable {
    private let signals: [WakeSignal]

    package init(_ signals: [WakeSignal]) {
        self.signals = signals
    }

    package func signal() {
        for signal in signals { signal.signal() }
    }
}
