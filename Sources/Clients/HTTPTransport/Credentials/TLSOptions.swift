/// Certificates for https. Host and certificate are always verified unless ``isInsecure`` says otherwise.
package struct TLSOptions: Sendable, Equatable {
    /// PEM file of the authorities to trust instead of the system's.
    package var caFile: String?
    /// PEM file of the client certificate.
    package var certificateFile: String?
    /// PEM file of the client key.
    package var keyFile: String?
    package var keyPassword: Secret?
    /// Accept any certificate. For trials only; nothing protects the credentials then.
    package var isInsecure: Bool

    package init(
        caFile: String? = nil,
        certificateFile: String? = nil,
        keyFile: String? = nil,
        keyPassword: Secret? = nil,
        isInsecure: Bool = false
    ) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.keyPassword = keyPassword
        self.isInsecure = isInsecure
    }
}
