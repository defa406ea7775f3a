/// The values of one series on the grid, filled sample by sample.
struct SampleColumn {
    private let grid: QueryGrid
    private(set) var values: [Double]
    private(set) var moved = 0
    private(set) var ignored = 0
    /// The slot filled last and how far its sample was from it: of two samples for one slot the nearer one stays.
    private var last = (slot: -1, distance: Int64(0))

    init(_ grid: QueryGrid) {
        self.grid = grid
        values = [Double](repeating: .nan, count: grid.count)
    }

    /// Puts a value into the slot nearest to its time, in milliseconds since 1970.
    mutating func insert(_ value: Double, at time: Int64) {
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
