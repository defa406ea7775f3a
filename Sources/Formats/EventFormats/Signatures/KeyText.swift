import Foundation

/// A key's text that cannot be used; says nothing of what is in it.
package struct KeyError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
}

/// The blocks of a PEM text (RFC 7468) and the bytes of an Ed25519 key in them (RFC 8410), as `openssl` writes both.
enum KeyText {
    static let privateLabel = "PRIVATE KEY"
    static let publicLabel = "PUBLIC KEY"

    private static let privatePrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let publicPrefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    private static let keyBytes = 32

    /// The keys of all blocks of one label, 32 bytes each.
    static func keys(_ label: String, in text: String) throws(KeyError) -> [[UInt8]] {
        let prefix = label == privateLabel ? privatePrefix : publicPrefix
        var keys: [[UInt8]] = []
        for block in try blocks(in: text) {
            guard block.label == label else {
                throw KeyError(description: "a block \(label) is expected, and there is another one")
            }
            guard block.bytes.count == prefix.count + keyBytes, block.bytes.starts(with: prefix) else {
                throw KeyError(description: "a block \(label) is no Ed25519 key as openssl writes it")
            }
            keys.append(Array(block.bytes.dropFirst(prefix.count)))
        }
        guard !keys.isEmpty else { throw KeyError(description: "it has no block \(label)") }
        return keys
    }

    /// What stands between blocks is left out: PEM allows explanations there.
    private static func blocks(in text: String) throws(KeyError) -> [(label: String, bytes: [UInt8])] {
        var blocks: [(label: String, bytes: [UInt8])] = []
        var open: (label: String, base64: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----"), line.count > 16 {
                guard open == nil else { throw KeyError(description: "a block begins inside another one") }
                open = (String(line.dropFirst(11).dropLast(5)), "")
            } else if line.hasPrefix("-----END "), let block = open {
                guard line == "-----END \(block.label)-----", let data = Data(base64Encoded: block.base64) else {
                    throw KeyError(description: "a block cannot be read")
                }
                blocks.append((block.label, Array(data)))
                open = nil
            } else {
                open?.base64 += line
            }
        }
        guard open == nil else { throw KeyError(description: "a block has no end") }
        return blocks
    }
}
