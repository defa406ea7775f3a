import Kubernetes
import Testing

@testable import Rollout

@Suite struct ArgoPromotionMarkTests {
    @Test(
        arguments: [
            ("v1/argo-rollout 1 pause", ArgoPromotionMark(action: "v1/argo-rollout", step: 1, extent: .pause)),
            ("v1/argo-rollout - pause", ArgoPromotionMark(action: "v1/argo-rollout", step: nil, extent: .pause)),
            ("an id  with 2 step 3 step", ArgoPromotionMark(action: "an id  with 2 step", step: 3, extent: .step)),
        ]
    )
    func isReadAsItWasWritten(text: String, mark: ArgoPromotionMark) {
        #expect(mark.text == text)
        #expect(ArgoPromotionMark(text: text) == mark)
    }

    @Test(arguments: ["", " ", "v1", "v1 1", "v1 1 ", "v1 x pause", "v1 1 other", "1 pause"])
    func anythingElseIsNoMark(text: String) {
        #expect(ArgoPromotionMark(text: text) == nil)
    }

    @Test(
        arguments: [
            (.pause, 1, true, false), (.pause, 1, false, true), (.pause, 2, true, true), (.pause, nil, true, true),
            (.step, 1, true, false), (.step, 1, false, false), (.step, 2, false, true), (.step, 0, false, true),
        ] as [(ArgoPromotionMark.Extent, Int?, Bool, Bool)]
    )
    func isFulfilledOncePast(extent: ArgoPromotionMark.Extent, step: Int?, isPaused: Bool, isFulfilled: Bool) {
        var rollout = ArgoRollout(namespace: "shop-prod", name: "shop", resourceVersion: "1")
        rollout.currentStepIndex = step
        rollout.pauseReasons = isPaused ? ["CanaryPauseStep"] : []
        let mark = ArgoPromotionMark(action: "v1/argo-rollout", step: 1, extent: extent)
        #expect(mark.isFulfilled(by: rollout) == isFulfilled)
    }
}
