import Text

/// What pages load beside themselves. Its address holds a digest of its bytes, so that it may be kept for ever.
package struct PageAsset: Sendable {
    /// `/assets/style-….css`.
    package let address: String
    package let contentType: String
    package let bytes: [UInt8]

    private init(_ name: String, _ suffix: String, _ contentType: String, _ bytes: [UInt8]) {
        address = "/assets/\(name)-\(String(FNV1a64.hash(bytes), radix: 16)).\(suffix)"
        self.contentType = contentType
        self.bytes = bytes
    }

    package static let style = PageAsset("style", "css", "text/css; charset=utf-8", PackageResources.style_css)
    package static let live = PageAsset("live", "js", "text/javascript; charset=utf-8", PackageResources.live_js)
    package static let all = [style, live]
}
