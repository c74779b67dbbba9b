package tensor.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tensor.spi.Program;
import tensor.spi.Step;

/// By what loops a program is computed, when it is known which of its values are the same in all blocks: those are computed
/// beforehand, and each [Stretch] of the other steps by one loop.
final class ProgramSchedule {
    private static final int NEVER = -1;

    /// For each step what computes it in its turn; the last one of a stretch computes all of it.
    final ProgramCode.Loop[] loops;

    /// For each step whether its value is written to memory; else it stays in registers of the processor.
    final boolean[] isPlaced;

    /// For each step the values in memory that are needed no longer after it.
    final int[][] dying;

    /// @param fixed for each step whether it is computed beforehand
    /// @param stretches the steps that have a loop together; maybe none
    ProgramSchedule(ProgramCode code, boolean[] fixed, List<Stretch> stretches) {
        List<Step> steps = code.steps;
        int count = steps.size();
        this.loops = code.loops.clone();
        this.isPlaced = new boolean[count];
        Arrays.fill(isPlaced, true);
        int[] turns = IntStream.range(0, count).toArray();
        boolean[] isMember = new boolean[count];
        for (Stretch stretch : stretches) {
            StretchLoop.Kernel kernel = StretchLoop.of(steps, stretch);
            for (int member : stretch.members()) {
                isMember[member] = true;
                loops[member] = (_, _, _) -> {};
                isPlaced[member] = stretch.writes().contains(member);
                turns[member] = stretch.end();
            }
            loops[stretch.end()] =
                    (frame, rows, elements) ->
                            kernel.run(frame.segments, frame.offsets, rows, elements / rows);
        }
        int[] lastUse = new int[count];
        Arrays.fill(lastUse, NEVER);
        boolean[] isLoaded = new boolean[count];
        for (Stretch stretch : stretches) {
            for (int spread : stretch.spreads()) {
                for (int source : code.takes[spread]) {
                    lastUse[source] = Math.max(lastUse[source], stretch.end());
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int taken : code.takes[i]) {
                lastUse[taken] = Math.max(lastUse[taken], turns[i]);
                isLoaded[taken] |= !isMember[i];
            }
        }
        for (Program.Output output : code.outputs) {
            lastUse[output.step()] = NEVER;
            isLoaded[output.step()] = true;
        }
        for (int i = 0; i < count; i++) {
            if (steps.get(i) instanceof Step.Constant) {
                isPlaced[i] = isLoaded[i];
            }
        }
        for (Stretch stretch : stretches) {
            for (int spread : stretch.spreads()) {
                if (!isLoaded[spread]) {
                    isPlaced[spread] = false;
                    loops[spread] = (_, _, _) -> {};
                }
            }
        }
        this.dying = new int[count][];
        for (int i = 0; i < count; i++) {
            int turn = i;
            dying[i] =
                    IntStream.range(0, count)
                            .filter(v -> lastUse[v] == turn && isPlaced[v] && !fixed[v])
                            .toArray();
        }
    }
}
