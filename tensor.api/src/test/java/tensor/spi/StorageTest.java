package tensor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;

/// Runs with `-Dtensor.debug=true`.
class StorageTest {
    private static final class Counted extends Storage {
        Counted(AtomicInteger freed) {
            super(nobody(), DType.FLOAT64, 3, freed::incrementAndGet);
        }

        /// A backend that is never asked for anything.
        private static Backend nobody() {
            return (Backend)
                    Proxy.newProxyInstance(
                            Backend.class.getClassLoader(),
                            new Class<?>[] {Backend.class},
                            (_, method, _) -> {
                                throw new AssertionError(
                                        "nobody was asked for " + method.getName());
                            });
        }
    }

    @Test
    void aStorageKnowsItsSize() {
        Storage storage = new Counted(new AtomicInteger());

        assertEquals(3, storage.elementCount());
        assertEquals(24, storage.byteSize());
        assertEquals(DType.FLOAT64, storage.dtype());
    }

    @Test
    void memoryIsFreedOnceHoweverOftenItIsReleased() {
        AtomicInteger freed = new AtomicInteger();
        Storage storage = new Counted(freed);

        assertFalse(storage.isReleased());
        storage.release("scope 'first'");
        storage.release("scope 'second'");

        assertTrue(storage.isReleased());
        assertEquals("scope 'first'", storage.releasedBy().orElseThrow());
        assertEquals(1, freed.get());
    }

    @Test
    void theCleanerAndTheOwnerFreeMemoryOnce() {
        AtomicInteger freed = new AtomicInteger();
        Storage storage = new Counted(freed);

        storage.releaseWhenUnreachable();
        storage.releaseWhenUnreachable();
        storage.release("its owner");

        assertEquals(1, freed.get());
    }

    @Test
    void aStorageRemembersWhereItWasAllocated() {
        Storage storage = new Counted(new AtomicInteger());

        StackTraceElement[] stack = storage.allocation().orElseThrow().getStackTrace();

        assertTrue(
                Arrays.stream(stack)
                        .anyMatch(call ->
                                call.getMethodName()
                                        .equals("aStorageRemembersWhereItWasAllocated")));
    }
}
