package tensor.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jocl.CL;
import org.jocl.CLException;
import org.junit.jupiter.api.Test;

class OpenClDriverTest {
    @Test
    void memoryThatIsMissingWhenItIsUsedIsMissingMemory() {
        var thrown =
                new CLException(
                        "CL_MEM_OBJECT_ALLOCATION_FAILURE", CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);

        var error = assertThrows(OutOfMemoryError.class, () -> enqueue(thrown));

        assertEquals("opencl: launch: CL_MEM_OBJECT_ALLOCATION_FAILURE", error.getMessage());
        assertSame(thrown, error.getCause());
    }

    @Test
    void otherErrorsStayWhatTheyAre() {
        var thrown = new CLException("CL_INVALID_KERNEL_ARGS", CL.CL_INVALID_KERNEL_ARGS);

        assertSame(thrown, assertThrows(CLException.class, () -> enqueue(thrown)));
    }

    private static void enqueue(CLException thrown) {
        OpenClDriver.enqueue(
                "launch",
                () -> {
                    throw thrown;
                });
    }
}
