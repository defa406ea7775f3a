import Crypto
import EventFormats

/// A token of the HTTP interface as it is kept: its name, what it is good for, and never the token itself.
///
/// SHA-256 without salt and without stretching is enough, because the token is 256 random bits: there is no list of likely
/// ones to try, and no two are the same. Passwords, which people choose, would need more.
package struct AccessToken: Sendable, Equatable {
    package var name: String
    package var roles: Set<AccessRole>
    /// SHA-256, 32 bytes each: while a token is being replaced, the old one and the new one.
    package var hashes: [[UInt8]]

    package init(name: String, roles: Set<AccessRole>, hashes: [[UInt8]]) {
        self.name = name
        self.roles = roles
        self.hashes = hashes
    }

    package static let hashBytes = 32
    private static let randomBytes = 32
    /// Tells people, and programs that look for secrets in texts, what it is.
    private static let prefix = "assay_"

    package static func hash(_ token: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: token)) }

    /// A new one: 256 random bits in 64 hexadecimal digits.
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<randomBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return prefix + bytes.hexadecimal
    }

    /// A name is written to logs and shown on pages: 1 to 64 letters, digits and `. _ @ -`.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    || "._@-".unicodeScalars.contains(scalar)
            }
    }
}
