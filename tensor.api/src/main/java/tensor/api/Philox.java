package tensor.api;

/// Philox4x32-10: random bits as a function of a key and a counter, ten rounds of two wide
/// multiplications.
///
/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
final class Philox {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFF_FFFFL;

    private Philox() {}

    /// Computes one block of 128 bits. The words of each long are taken low, then high.
    ///
    /// @param key key words 0, 1
    /// @param low counter words 0, 1
    /// @param high counter words 2, 3
    static Block block(long key, long low, long high) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = M0 * (c0 & LOW);
            long p1 = M1 * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        return new Block((c0 & LOW) | (long) c1 << 32, (c2 & LOW) | (long) c3 << 32);
    }

    /// Four words: 0 and 1 in `low`, 2 and 3 in `high`, each the lower word first.
    record Block(long low, long high) {}
}
