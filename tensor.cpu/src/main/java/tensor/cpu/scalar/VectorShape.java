package tensor.cpu.scalar;

/// The size of a vector: that of a number, so nobody has to ask.
public enum VectorShape {
    ONE_LANE;

    public static VectorShape preferredShape() {
        return ONE_LANE;
    }

    public static VectorShape forBitSize(int bitSize) {
        return ONE_LANE;
    }

    public int vectorBitSize() {
        return Long.SIZE;
    }
}
