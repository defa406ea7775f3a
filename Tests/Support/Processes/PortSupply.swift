import Glibc

/// The ports of one process, each given once: those of blocks that it holds against other processes.
///
/// A block is held by a socket that is bound to its first port. So the kernel gives it back with the process, however
/// that ends, and processes that share no files but the network hold blocks against each other too.
struct PortSupply: ~Copyable {
    /// Not tried yet, in an order of this process' own: what an ended process has left on its ports is seldom met.
    private var blocks: [Range<Int>]
    private var holders: [Int32] = []
    private var rest = 0..<0

    init(_ blocks: [Range<Int>]) {
        self.blocks = blocks.shuffled()
    }

    deinit {
        for holder in holders { close(holder) }
    }

    /// A port that is free now.
    mutating func next() throws(ChildError) -> Int {
        while true {
            while let port = rest.popFirst() {
                if FreePort.isFree(port) { return port }
            }
            try holdBlock()
        }
    }

    private mutating func holdBlock() throws(ChildError) {
        while let block = blocks.popLast() {
            guard let holder = FreePort.bound(to: block.lowerBound) else { continue }
            holders.append(holder)
            rest = block.dropFirst()
            return
        }
        throw ChildError("no block of ports of 127.0.0.1 is left")
    }
}
