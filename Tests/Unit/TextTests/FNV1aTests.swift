import Testing
import Text

@Suite struct FNV1aTests {
    /// Names of sessions and checksums of migrations are stored: another answer would be another session.
    @Test(arguments: [
        ("", UInt128(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)),
        ("a", 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964),
        ("foobar", 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18),
    ])
    func itIsTheOneOfTheRFC(text: String, hash: UInt128) {
        #expect(FNV1a.hash(text.utf8) == hash)
    }

    /// Shards of the outbox are stored.
    @Test(arguments: [
        ("", UInt64(0xcbf2_9ce4_8422_2325)), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ])
    func itIsTheOneOfTheRFCWith64Bits(text: String, hash: UInt64) {
        #expect(FNV1a64.hash(text.utf8) == hash)
    }
}
