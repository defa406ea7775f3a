import Text

/// Names a session after the deploy event that opened it, so that the same event always gets the same session and its
/// verdicts the same ids, also after the store was lost.
package enum SessionID {
    /// 32 hexadecimal digits: FNV-1a with 128 bits over the lengths and bytes of source and id.
    package static func make(for identity: EventIdentity) -> String {
        let text = [identity.source, identity.id].map { "\($0.utf8.count):\($0)" }.joined()
        let digits = String(FNV1a.hash(text.utf8), radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
