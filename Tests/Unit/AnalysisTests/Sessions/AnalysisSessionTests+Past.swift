import Analysis
import Testing

extension AnalysisSessionTests {
    /// An event of yesterday is judged by the samples of yesterday, and says so; one of a moment ago does not.
    @Test func aVerdictOnThePastSaysSo() {
        for (late, isPast) in [(Duration.seconds(0), false), (.seconds(30), false), (.seconds(3600), true)] {
            var event = session(plan()).event
            event.time = start
            var session = AnalysisSession(id: "s", event: event, plan: plan(), receivedAt: start + late)
            let verdicts = wake(&session, at: start + late + .seconds(72))
            #expect(verdicts.map(\.kind) == [.final])
            #expect(verdicts[0].warnings.contains { $0.contains("say nothing about the release since") } == isPast)
        }
    }
}
