import Concurrency
import Testing

@Suite("Promise")
struct PromiseTests {
    @Test("The first value counts, whether it comes before or after it is awaited")
    func order() async {
        let early = Promise<Int>()
        early.set(1)
        early.set(2)
        #expect(await early.value() == 1)
        let late = Promise<Int>()
        async let one = late.value()
        async let two = late.value()
        late.set(3)
        #expect(await [one, two] == [3, 3])
    }
}
