package tensor.gpu;

/// To how many digits a device rounds the factors of float32 products before it multiplies them; sums are of float32.
public enum Factors {
    /// To all: they stay as they are.
    FLOAT32,
    /// To 10 bits behind the point, to nearest and ties away from zero.
    TF32,
    /// To 7 bits behind the point, to nearest and ties to even.
    BFLOAT16
}
