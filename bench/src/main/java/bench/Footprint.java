package bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// What the runs of one side take of memory, in a JVM in which nothing else has run.
///
/// @param name of the work
/// @param loss after [#CHECKED] runs
/// @param garbageBytes what a run allocates on the Java heap, all threads together: the median
/// @param resident of the process, after the last run
record Footprint(String name, double loss, double garbageBytes, Optional<ResidentMemory> resident) {
    /// After so many runs the losses of two sides must agree.
    static final int CHECKED = 20;

    /// Kept, for to ask for it makes objects too.
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// A JVM says this, then its numbers, between tabs.
    private static final String WORD = "footprint";

    /// {@return the footprint of a side, measured when it has become steady}
    ///
    /// @param name of the work
    /// @param side is run
    /// @param span how long it is warmed up and measured
    static Footprint of(String name, Side side, MemorySpan span) {
        double loss = Contest.repeated(side, CHECKED);
        span.warmUp(side);
        List<Double> garbage =
                DoubleStream.generate(() -> garbage(side)).limit(span.measured()).boxed().toList();
        return new Footprint(name, loss, Contest.median(garbage), ResidentMemory.ofThisProcess());
    }

    private static double garbage(Side side) {
        long before = allocatedBytes();
        side.run();
        return allocatedBytes() - before;
    }

    /// Counts threads that have ended, too.
    private static long allocatedBytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }

    /// {@return the line that says it to another JVM}
    String said() {
        return "%s\t%s\t%s\t%s\t%s\t%s"
                .formatted(
                        WORD,
                        name,
                        loss,
                        garbageBytes,
                        resident.map(memory -> Long.toString(memory.bytes())).orElse("-"),
                        resident.map(memory -> Long.toString(memory.peakBytes())).orElse("-"));
    }

    /// {@return what a line says, if it says a footprint}
    static Optional<Footprint> heard(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 6 || !fields[0].equals(WORD)) {
            return Optional.empty();
        }
        Optional<ResidentMemory> resident =
                fields[4].equals("-")
                        ? Optional.empty()
                        : Optional.of(
                                new ResidentMemory(
                                        Long.parseLong(fields[4]), Long.parseLong(fields[5])));
        return Optional.of(
                new Footprint(
                        fields[1],
                        Double.parseDouble(fields[2]),
                        Double.parseDouble(fields[3]),
                        resident));
    }
}
