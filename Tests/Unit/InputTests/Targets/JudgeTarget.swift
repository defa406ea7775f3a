import Judging
import ReferenceJudge

extension FuzzTarget {
    /// Bytes that stand for a pair of windows: the judge and the plain reference agree to the last bit.
    static let judge = FuzzTarget("judge", maximumBytes: 640) { bytes in
        try bytes.withUnsafeBufferPointer { buffer in
            var reader = PairReader(bytes: buffer)
            let pair = reader.pair()
            guard let difference = disagreement(of: judges, on: pair) else { return }
            throw Finding("\(difference)\n\(pair.settings)\ncontrol: \(pair.control)\nexperiment: \(pair.experiment)")
        }
    }

    private static let judges = InstructionSetJudge.all
}
