package tensor.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The known answers that the authors of Philox publish with their library (Random123,
/// `kat_vectors`, philox4x32 10).
class PhiloxTest {
    @Test
    void zerosHaveTheKnownAnswer() {
        Philox.Block block = Philox.block(0, 0, 0);

        assertEquals(0xe169c58d_6627e8d5L, block.low());
        assertEquals(0x9b00dbd8_bc57ac4cL, block.high());
    }

    @Test
    void onesHaveTheKnownAnswer() {
        Philox.Block block = Philox.block(-1, -1, -1);

        assertEquals(0x41c83b0e_408f276dL, block.low());
        assertEquals(0x6d5451fd_a20bc7c6L, block.high());
    }

    @Test
    void theDigitsOfPiHaveTheKnownAnswer() {
        Philox.Block block =
                Philox.block(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL);

        assertEquals(0x94fdcceb_d16cfe09L, block.low());
        assertEquals(0x24126ea1_5001e420L, block.high());
    }
}
