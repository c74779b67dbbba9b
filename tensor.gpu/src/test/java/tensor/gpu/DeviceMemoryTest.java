package tensor.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.ref.Cleaner;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
    private final FakeDriver driver = new FakeDriver(10_000, DeviceTraits.Kind.GPU);
    private final DeviceMemory memory = new DeviceMemory(driver, false);

    @Test
    void aBlockThatCameBackIsTakenAgain() {
        DeviceMemory.Block first = memory.take(1000);
        first.giveBack();

        DeviceMemory.Block second = memory.take(1024);

        assertSame(first.memory(), second.memory());
        assertEquals(1024, memory.usedBytes());
        assertEquals(0, memory.idleBytes());
    }

    @Test
    void sizesAreFourToADoubling() {
        assertEquals(256, DeviceMemory.classSize(0));
        assertEquals(256, DeviceMemory.classSize(256));
        assertEquals(320, DeviceMemory.classSize(257));
        assertEquals(1024, DeviceMemory.classSize(1000));
        assertEquals(1280, DeviceMemory.classSize(1025));
        assertEquals(1L << 40, DeviceMemory.classSize((1L << 40) - 1));
    }

    @Test
    void idleBlocksGoBackWhereTheDriverHasNoMore() {
        memory.take(5000).giveBack();

        DeviceMemory.Block larger = memory.take(8000);

        assertEquals(1, driver.pieces.size());
        assertEquals(8192, larger.byteSize());
        assertEquals(0, memory.idleBytes());
    }

    @Test
    void whatNoOneReachesComesBackWhereTheDriverHasNoMore() {
        Cleaner.create().register(new Object(), memory.take(5000)::giveBack);

        assertEquals(8192, memory.take(8000).byteSize());
    }

    @Test
    void whatIsInUseStandsInTheErrorWhereThereIsNoMore() {
        memory.take(2000);
        memory.take(2000);
        memory.take(500);

        var error = assertThrows(OutOfMemoryError.class, () -> memory.take(8000));

        assertEquals(
                "Abacus has 10000 bytes, of which 4608 are in use"
                        + " (most of them: 2 of 2048 bytes, 1 of 512 bytes);"
                        + " 8192 more are needed; use smaller batches",
                error.getMessage());
    }

    @Test
    void moreThanAnyDeviceHasIsAnErrorThatSaysHowMuch() {
        var error = assertThrows(OutOfMemoryError.class, () -> memory.take(Long.MAX_VALUE - 1));

        assertEquals("9223372036854775806 bytes are more than any device has", error.getMessage());
    }
}
