import PlanFormats
import Testing

@Suite("Damaged plan files") struct PlanReaderDamageTests {
    private static let text = """
        name: checkout
        match: {applications: [checkout, "checkout-*"]}
        scopes: {control: {labels: &l {track: stable}}, experiment: {labels: *l}}
        schedule: {warmup: 1m, step: 15s, interval: 1m, lifetime: 15m, window: 5m}
        metrics:
          - name: 'error-ratio'
            query: |
              sum(rate(http_requests_total{${scope}, code=~"5.."}[1m]))
            effect: {allowedIncrease: 1.2}
        ---
        {"name": "j", "judge": "NetflixACAJudge-v1.0", "schedule": {"interval": "1m", "lifetime": "5m"}, "metrics": [{"name": "m\\u00e9", "query": "up"}]}
        """

    @Test("No damage traps", arguments: 0..<20)
    func damage(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let alphabet = Array("{}[]:,&*?!|>-#'\"%@`~ \n\t\\0ae\u{7}\u{e9}<".unicodeScalars)
        let reader = PlanReader()
        for _ in 0..<100 {
            var scalars = Array(Self.text.unicodeScalars)
            for _ in 0...next(4) {
                let index = next(scalars.count)
                switch next(3) {
                case 0: scalars[index] = alphabet[next(alphabet.count)]
                case 1: scalars.insert(alphabet[next(alphabet.count)], at: index)
                default: scalars.removeSubrange(index..<min(scalars.count, index + 1 + next(8)))
                }
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            do throws(PlanFileErrors) {
                #expect(try reader.read(text, file: "p").isEmpty == false)
            } catch {
                #expect(!error.errors.isEmpty)
            }
        }
    }
}
