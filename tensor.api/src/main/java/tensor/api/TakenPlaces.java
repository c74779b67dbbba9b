package tensor.api;

import java.util.BitSet;

/// The places along an axis of a tensor to which slices of it have brought their cotangents.
final class TakenPlaces {
    private final int axis;
    private final BitSet taken = new BitSet();
    private boolean countsOtherwise;

    /// @param axis that along which the first slice was taken
    TakenPlaces(int axis) {
        this.axis = axis;
    }

    /// {@return whether a slice is the first to come to all its places}
    boolean takes(Op.Slice slice) {
        countsOtherwise |= slice.axis() != axis || slice.step() < 0;
        boolean isFirst = !countsOtherwise;
        for (long at = slice.start(); !countsOtherwise && at < slice.end(); at += slice.step()) {
            isFirst &= !taken.get((int) at);
            taken.set((int) at);
        }
        return isFirst;
    }
}
