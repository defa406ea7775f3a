import Foundation

enum Samples {
    /// 100,000 zero bytes packed with gzip.
    static let gzippedZeros = Data(
        base64Encoded: """
            H4sIAAAAAAACA+3BMQEAAADCoPVPbQ0PoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBXA32VEdSghgEA
            """,
        options: .ignoreUnknownCharacters
    ).map { [UInt8]($0) }
}
