import Glibc
import Judging
import ReferenceJudge

/// Called by libFuzzer with one input after the other: judges the pair that it stands for, and ends the process, which
/// libFuzzer reports with the input, where the judge and the reference disagree in a single bit.
@_cdecl("LLVMFuzzerTestOneInput")
public func judgeOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var reader = PairReader(bytes: UnsafeBufferPointer(start: start, count: count))
    let pair = reader.pair()
    if let difference = disagreement(of: judges, on: pair) {
        print("\(difference)\n\(pair.settings)\ncontrol: \(pair.control)\nexperiment: \(pair.experiment)")
        fflush(nil)
        abort()
    }
    return 0
}

private let judges = InstructionSetJudge.all
