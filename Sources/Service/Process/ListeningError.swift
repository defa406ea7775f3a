import Foundation

/// Why a process cannot listen where it should, in one sentence.
package struct ListeningError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Nil for what says nothing about the address.
    package init?(_ settings: ListeningSettings, errno code: Int32) {
        let place = "port \(settings.port) of \(settings.host)"
        switch code {
        case EADDRINUSE:
            description =
                "\(place) is in use: stop the program that listens there, or choose another port (\(settings.flags.port))"
        case EACCES:
            description = "\(place) may not be used by this user: choose a port from 1024 on (\(settings.flags.port))"
        case EADDRNOTAVAIL:
            description = "\(settings.host) is no address of this machine (\(settings.flags.host))"
        default: return nil
        }
    }
}
