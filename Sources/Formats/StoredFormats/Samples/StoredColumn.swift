package import Foundation

/// The samples of one block as bytes, without what they belong to: IEEE 754 doubles, little-endian.
package enum StoredColumn {
    package static func encode(_ values: [Double]) -> Data {
        values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    }

    /// Throws where the last double is not whole.
    package static func decode(_ data: Data) throws(FormError) -> [Double] {
        guard data.count.isMultiple(of: 8) else { throw FormError(.malformed, "stored samples cannot be read") }
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { index in
                Double(
                    bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                )
            }
        }
    }
}
