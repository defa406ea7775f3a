/// A password, token or key that never shows itself in a description, a mirror or a log.
///
/// A secret from a file is read again at each use, so that rotated tokens (service accounts, mounted secrets) take effect.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum Source: Sendable, Equatable {
        case text(String)
        case file(String)
    }

    private let source: Source

    package init(_ value: String) {
        source = .text(value)
    }

    /// A secret kept in a file. Throws ``SecretError`` when the file cannot be read now.
    package init(file path: String) throws(SecretError) {
        source = .file(path)
        _ = try value
    }

    /// The secret itself, without the line end a file may have. Throws ``SecretError``.
    package var value: String {
        get throws(SecretError) {
            switch source {
            case .text(let text): text
            case .file(let path): try SecretFile.read(path)
            }
        }
    }

    package var description: String { Redaction.mark }
    package var debugDescription: String { Redaction.mark }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

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
