package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryBenchTest {
    private static final ResidentMemory SMALL = new ResidentMemory(100 << 20, 120 << 20);
    private static final ResidentMemory LARGE = new ResidentMemory(200 << 20, 480 << 20);

    private static final Footprint OURS = new Footprint("mlp", 0.5, 900, Optional.of(SMALL));
    private static final Footprint PEER = new Footprint("mlp", 0.5, 0, Optional.of(LARGE));
    private static final Footprint UNKNOWN = new Footprint("lstm", 0.5, 1000, Optional.empty());

    @Test
    void aSideIsMeasuredWhenItIsWarm() {
        List<byte[]> kept = new ArrayList<>();
        Side side =
                () -> {
                    kept.add(new byte[100_000]);
                    return kept.size();
                };

        var footprint = Footprint.of("bytes", side, MemorySpan.TINY);

        assertEquals(24, kept.size());
        assertEquals(20, footprint.loss());
        assertTrue(footprint.garbageBytes() >= 100_000);
    }

    @Test
    void aFootprintIsHeardAsItWasSaid() {
        assertEquals(Optional.of(OURS), Footprint.heard(OURS.said()));
        assertEquals(Optional.of(UNKNOWN), Footprint.heard(UNKNOWN.said()));
        assertEquals(Optional.empty(), Footprint.heard("WARNING: Using incubator modules"));
    }

    @Test
    void aLineTellsTheGarbageBothSidesAndTheRatios() {
        assertEquals(
                "                                  garbage         ours     libtorch   ratio  ratio of peaks",
                MemoryOutcome.head("libtorch"));
        assertEquals(
                "mlp                                 900 B    100.0 MiB    200.0 MiB   0.50   0.25",
                new MemoryOutcome(OURS, Optional.of(PEER)).line());
        assertEquals(
                "lstm                               1000 B            -            -   -      -",
                new MemoryOutcome(UNKNOWN, Optional.empty()).line());
    }

    @Test
    void theSummaryTellsTheMostGarbageAndTheRatios() {
        assertEquals(
                "garbage at most 1000 bytes a step, median ratio 0.50, worst 0.50 (lower is better)",
                MemoryBench.summary(
                        List.of(
                                new MemoryOutcome(OURS, Optional.of(PEER)),
                                new MemoryOutcome(UNKNOWN, Optional.empty()))));
    }

    @Test
    void theSummarySaysWhatCouldNotBeCompared() {
        assertEquals(
                "garbage at most 900 bytes a step, ours alone",
                MemoryBench.summary(List.of(new MemoryOutcome(OURS, Optional.empty()))));
        assertEquals(
                "garbage at most 1000 bytes a step, resident memory is not known, there is no /proc/self/status",
                MemoryBench.summary(List.of(new MemoryOutcome(UNKNOWN, Optional.of(UNKNOWN)))));
    }
}
