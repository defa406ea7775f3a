/// The values of one series, filled sample by sample: on the grid, or as they come.
struct SampleColumn {
    private let grid: QueryGrid
    private let isAsTold: Bool
    private(set) var values: [Double]
    /// Of values as they come.
    private(set) var times: [Int64] = []
    private(set) var moved = 0
    private(set) var ignored = 0
    /// The slot filled last and how far its sample was from it: of two samples for one slot the nearer one stays.
    private var last = (slot: -1, distance: Int64(0))

    init(_ grid: QueryGrid, isAsTold: Bool) {
        self.grid = grid
        self.isAsTold = isAsTold
        values = isAsTold ? [] : [Double](repeating: .nan, count: grid.count)
    }

    /// Puts a value into the slot nearest to its time, in milliseconds since 1970. Of values as they come there are no more
    /// than the grid has slots.
    mutating func insert(_ value: Double, at time: Int64) {
        if isAsTold {
            guard values.count < grid.count else {
                ignored += 1
                return
            }
            values.append(value)
            times.append(time)
            return
        }
        guard let slot = grid.slot(nearest: time) else {
            ignored += 1
            return
        }
        let distance = abs(time - grid.time(at: slot))
        if slot == last.slot, distance > last.distance {
            ignored += 1
            return
        }
        if distance > 0 { moved += 1 }
        last = (slot, distance)
        values[slot] = value
    }
}
