//! From the bytes of a fuzzer to numbers as laws and functions take them.

/// A parameter: of either sign, more often positive, its size uniform in the logarithm in [1e-2, 1e2], [1e-20, 1e20] or
/// [1e-150, 1e150], and 0 for 0. Bits of doubles taken as they come are hardly ever near 1.
pub fn wide(bits: u32) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let span = [2.0, 20.0, 150.0, 2.0][(bits & 3) as usize];
    let size = 10f64.powf(span * (f64::from(bits >> 4) / f64::from(1u32 << 27) - 1.0));
    if bits & 12 == 12 { -size } else { size }
}

/// A probability in [0, 1], in the bulk, or in either tail with its size uniform in the logarithm from 1e-300.
pub fn probability(bits: u32) -> f64 {
    let unit = f64::from(bits >> 2) / f64::from((1u32 << 30) - 1);
    match bits & 3 {
        0 => 10f64.powf(-300.0 * unit),
        1 => 1.0 - 10f64.powf(-16.0 * unit),
        _ => unit,
    }
}

/// Whether two numbers are the same, bit for bit but for the bits of a NaN.
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}
