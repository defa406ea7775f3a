import NIOCore
import Synchronization

/// The open connections of one listener. Shared by its connections, each of which tells what it is doing.
final class ConnectionRegister: Sendable {
    private struct State {
        var ledger: ConnectionLedger<ObjectIdentifier>
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state: Mutex<State>

    init(_ limits: WebLimits) {
        state = Mutex(
            State(ledger: .init(maximum: limits.connections, maximumOfPeer: limits.connectionsOfPeer))
        )
    }

    /// False when there is no room for it.
    func open(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let peer = channel.remoteAddress?.ipAddress ?? ""
        let (isAdmitted, other) = state.withLock { state -> (Bool, (any Channel)?) in
            switch state.ledger.open(id, peer: peer) {
            case .refused: return (false, nil)
            case .admitted:
                state.channels[id] = channel
                return (true, nil)
            case .insteadOf(let other):
                state.channels[id] = channel
                return (true, state.channels.removeValue(forKey: other))
            }
        }
        other?.close(promise: nil)
        return isAdmitted
    }

    func note(_ activity: ConnectionLedger<ObjectIdentifier>.Activity, of channel: any Channel) {
        state.withLock { $0.ledger.note(activity, of: ObjectIdentifier(channel)) }
    }

    func close(_ channel: any Channel) {
        state.withLock { state in
            state.ledger.close(ObjectIdentifier(channel))
            state.channels[ObjectIdentifier(channel)] = nil
        }
    }
}
