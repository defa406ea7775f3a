import Dispatch
import FuzzTargets
import Glibc

/// The target that `FUZZ_TARGET` names.
private let target: FuzzTarget? = getenv("FUZZ_TARGET").flatMap { name in
    FuzzTarget.all.first { $0.name == String(cString: name) }
}

/// Called by libFuzzer once. With `FUZZ_LIST` set, prints every target with its longest input and its dictionary.
@_cdecl("LLVMFuzzerInitialize")
public func start(
    _ count: UnsafeMutablePointer<CInt>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
    if getenv("FUZZ_LIST") != nil {
        for target in FuzzTarget.all { print(target.name, target.maximumBytes, target.dictionary ?? "-") }
        exit(0)
    }
    if target == nil {
        print("fuzz: FUZZ_TARGET names no target; FUZZ_LIST=1 lists them")
        exit(2)
    }
    return 0
}

/// Called by libFuzzer with one input after the other. Ends the process where a property does not hold, which libFuzzer
/// reports with the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch target?.property {
    case nil: break
    case .direct(let check): report { try check(bytes) }
    case .suspending(let check):
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do { try await check(bytes) } catch { report { throw error } }
            done.signal()
        }
        done.wait()
    }
    return 0
}

private func report(_ check: () throws -> Void) {
    do { try check() } catch {
        print("FINDING: \(error)")
        fflush(nil)
        abort()
    }
}
