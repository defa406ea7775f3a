import Foundation

/// The ports that may be given to programs, in blocks of 50 from 10000 on. `Deployment/ports.py` has the same blocks.
///
/// The kernel takes the port of an outgoing connection, and that of a program which asks for any, from one range. A port
/// of it that is free now may be another's a moment later; one outside is taken only by who names it.
struct PortBlocks: Equatable {
    static let size = 50

    /// No port is in two of them.
    let all: [Range<Int>]

    /// - Parameter ephemeral: the range from which the kernel chooses.
    init(outside ephemeral: ClosedRange<Int>) {
        // Kubernetes gives 30000 to 32767 to services, on each address of a node.
        let blocks = Self.blocks(of: 10_000..<30_000) + Self.blocks(of: 32_800..<65_500)
        let safe = blocks.filter { !$0.overlaps(ephemeral) }
        // Where the kernel chooses among all, these are no worse than others.
        all = safe.isEmpty ? blocks : safe
    }

    static var ofThisMachine: PortBlocks {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        return PortBlocks(outside: text.flatMap(ephemeral(in:)) ?? 32_768...60_999)
    }

    /// The range that the kernel's setting says: two numbers.
    static func ephemeral(in text: String) -> ClosedRange<Int>? {
        let ends = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[0]...ends[1]
    }

    private static func blocks(of ports: Range<Int>) -> [Range<Int>] {
        stride(from: ports.lowerBound, to: ports.upperBound, by: size).map { $0..<$0 + size }
    }
}
