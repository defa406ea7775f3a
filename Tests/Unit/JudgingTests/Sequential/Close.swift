/// Equal to within 1e-9, relative above 1.
func close(_ left: Double, _ right: Double, within tolerance: Double = 1e-9) -> Bool {
    (left - right).magnitude <= tolerance * max(1, right.magnitude)
}
