/// A password, token or key that never shows itself in a description, a mirror or a log.
///
/// A secret from a file is read again at each use, so that rotated tokens (service accounts, mounted secrets) take
/// effect. While the file cannot be read, the value read last is used: a file that is missing for the moment of its
/// replacement, or a mount that went away, must not cut off what works.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum Source: Sendable, Equatable {
        case text(String)
        case file(SecretFile)
    }

    private let source: Source

    package init(_ value: String) {
        source = .text(value)
    }

    /// A secret kept in a file. Throws ``SecretError`` when the file cannot be read now.
    ///
    /// - Parameter observer: told when that changes later.
    package init(file path: String, observer: @escaping SecretObserver = { _ in }) throws(SecretError) {
        source = .file(try SecretFile(path: path, observer: observer))
    }

    /// The secret itself, without the line end a file may have. Reads a small file.
    package var value: String {
        switch source {
        case .text(let text): text
        case .file(let file): file.text
        }
    }

    package var description: String { Redaction.mark }
    package var debugDescription: String { Redaction.mark }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What became of a secret's file.
package enum SecretChange: Sendable, Equatable {
    /// Another value than before.
    case replaced
    /// It cannot be read any more; the value before is still used.
    case unreadable(SecretError)
    /// It can be read again; its value has not changed.
    case readable
}

/// Called at a use of the secret, on any thread.
package typealias SecretObserver = @Sendable (SecretChange) -> Void

/// A secret's file that cannot be used; names the file, never what is in it.
package struct SecretError: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: String
    package var reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "The secret file \(path) cannot be used: \(reason)." }
}
